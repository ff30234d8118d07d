/** A part of the local stack is not on this machine. The message says which and how to get it. */
export class MissingPart extends Error {
  override readonly name = 'MissingPart';
}
