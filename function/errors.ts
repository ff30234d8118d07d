/**
 * An error meant for the person who reads it: one sentence that says what is wrong, where, and what is right.
 * It never carries log content or a secret, and no stack trace: Lambda would write the trace to the log group.
 *
 * Each condition has its own subclass, next to the code that throws it. The name is written out in the subclass
 * because minifying the bundle shortens class names.
 */
export abstract class LokiShipperError extends Error {
  abstract override readonly name: string;

  constructor(message: string) {
    super(message);
    // A getter, since the subclass sets its name only after this constructor.
    Object.defineProperty(this, 'stack', { configurable: true, get: () => `${this.name}: ${this.message}` });
  }
}
