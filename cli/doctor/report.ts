import type { Paint, Style } from '../paint.ts';
import { padText, plainText, wrapText } from '../text-width.ts';
import { type Finding, isBad } from './finding.ts';

/** What `doctor --json` prints. */
export interface DoctorReport {
  /** Of the installation. */
  readonly name: string;
  readonly findings: readonly Finding[];
  /** Whether it was ended before everything was looked at. */
  readonly interrupted: boolean;
}

const STYLES: Readonly<Record<Finding['level'], Style>> = {
  ok: 'green',
  skipped: 'dim',
  warning: 'yellow',
  problem: 'red',
};

/** Columns for level and check. */
const LEVEL = 9;
const CHECK = 11;

/** A finding for people, on a line or more. @param width of the terminal */
export function findingText({ level, check, finding, advice }: Finding, paint: Paint, width: number): string {
  const indent = ' '.repeat(LEVEL + CHECK);
  const room = width - indent.length;
  const sentences = [...wrapText(plainText(finding), room), ...(advice ? wrapText(`→ ${advice}`, room) : [])];
  const [first = '', ...rest] = sentences;
  const head = `${paint(padText(level, LEVEL, 'left'), STYLES[level])}${padText(check, CHECK, 'left')}`;
  return [`${head}${first}`, ...rest.map((line) => `${indent}${line}`)].map((line) => `${line}\n`).join('');
}

/** How it ended, for people. */
export function summaryText({ findings, interrupted }: DoctorReport): string {
  const bad = findings.filter(isBad).length;
  if (interrupted) return '\nInterrupted: not everything was looked at.\n';
  return bad === 0 ? '\nNothing is wrong.\n' : `\n${bad} ${bad === 1 ? 'thing needs' : 'things need'} a look.\n`;
}
