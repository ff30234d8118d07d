import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { run } from './commands.ts';
import { LOCAL, ROOT } from './folders.ts';
import { MissingPart } from './missing-part.ts';
import { announced, type Tell } from './progress.ts';
import { findPython } from './python.ts';

export interface PythonProgramProps {
  /** As people write it, with its version: for messages. */
  readonly title: string;
  /** Of its folder below `tools/local`, in which `requirements.txt` has the SHA-256 of every package that it needs. */
  readonly folder: string;
  /** What is run, of what is installed. */
  readonly program: string;
  /**
   * Environment variable that names another one, which is ready.
   * @default - there is none
   */
  readonly variable?: string;
}

/**
 * Finds a program that is written in Python: the one that its variable names, else one that was installed before; else
 * it is installed, in a virtual environment of its own.
 *
 * @returns the program
 * @throws MissingPart when it has to be installed and Python is missing
 */
export async function findPythonProgram(props: PythonProgramProps, tell: Tell): Promise<string> {
  const named = props.variable && process.env[props.variable];
  if (named) return named;
  const folder = join(LOCAL, props.folder);
  const program = join(folder, 'bin', props.program);
  const stamp = join(folder, 'requirements.txt');
  const source = join(ROOT, 'tools/local', props.folder, 'requirements.txt');
  const requirements = readFileSync(source, 'utf8');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === requirements) return program;

  const python = await findPython();
  await announced(tell, `Installing ${props.title} with pip, once`, () => install(props.title, python, folder, source));
  writeFileSync(stamp, requirements);
  return program;
}

async function install(title: string, python: string, folder: string, requirements: string): Promise<void> {
  mkdirSync(dirname(folder), { recursive: true });
  const environment = await run(python, ['-m', 'venv', '--clear', folder]);
  if (environment.status !== 0)
    throw new MissingPart(
      `${python} cannot make virtual environments: install that part of it, on Debian and Ubuntu with apt install python3-venv.`,
    );
  const pip = await run(join(folder, 'bin', 'pip'), ['install', '--quiet', '--require-hashes', '-r', requirements]);
  if (pip.status !== 0) throw new Error(`${title} could not be installed:\n${pip.stderr.slice(-2_000)}`);
}
