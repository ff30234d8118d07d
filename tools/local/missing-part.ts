/** A part of the local stack is not on this machine. The message says which and how to get it. */
export class MissingPart extends Error {
  override readonly name: string = 'MissingPart';
}

/** This machine does not permit what a part does, or lacks what none of our scripts could install. */
export class NotPermitted extends MissingPart {
  override readonly name = 'NotPermitted';
}
