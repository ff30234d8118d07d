import type { Consumer } from './consumer.ts';
import { EXAMPLE_CASES } from './example-cases.ts';
import { MODULE_CASES } from './module-cases.ts';
import { OWNER } from './owner-case.ts';

/** What is promised to those who use the module. */
export interface Case {
  /** Of the row, and of the test. */
  readonly title: string;
  /** Afterwards the account has to be as it was before, but for this. */
  readonly leaves?: readonly string[];
  /** Puts into the account what is there before. */
  readonly prepare?: (consumer: Consumer) => Promise<void>;
  readonly run: (consumer: Consumer) => Promise<void>;
}

/** The one that is tried with each version of Terraform and OpenTofu. */
export const EACH_VERSION: Case = OWNER;

/** In the order in which they are begun: those that take longest come first. */
export const CASES: readonly Case[] = [...EXAMPLE_CASES, ...MODULE_CASES];
