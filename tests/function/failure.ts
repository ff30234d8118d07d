/** The error that a promise fails with; an error too when it does not. */
export async function failure(promise: Promise<unknown>): Promise<Error> {
  const error: unknown = await promise.then(
    () => new Error('It succeeded.'),
    (error: unknown) => error,
  );
  return error instanceof Error ? error : new Error(`Not an error: ${error}`);
}
