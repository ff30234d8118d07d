/** A call that a fake refuses, with the error that AWS names. */
export class RefusedByFake extends Error {
  override readonly name = 'RefusedByFake';
  /** Of AWS, for example `InvalidParameterException`. */
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}
