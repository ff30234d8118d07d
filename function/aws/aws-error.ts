/** What went wrong in a call to AWS, in a word: AccessDeniedException, ThrottlingException … The message may hold more than a user should see. */
export function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
