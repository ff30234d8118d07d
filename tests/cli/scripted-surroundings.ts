import type { Output, Surroundings } from '../../cli/surroundings.ts';
import type { ReplayPage } from '../../function/registry/replay.ts';
import type { ReplayResult } from '../../function/replay.ts';

/** What is written to it. */
export class Written implements Output {
  text = '';
  readonly isTTY: boolean;
  readonly columns = 100;
  constructor(isTTY: boolean) {
    this.isTTY = isTTY;
  }
  write(text: string): void {
    this.text += text;
  }
}

/** Surroundings in memory: a registrar that answers what the script says, a step a call, and a clock that only waits move. */
export class ScriptedSurroundings implements Surroundings {
  readonly stdout: Written;
  readonly stderr: Written;
  readonly colours = true;
  readonly interruption = new AbortController();
  readonly signal = this.interruption.signal;
  /** The functions that were called, and with what. */
  readonly calls: { readonly functionName: string; readonly payload: unknown }[] = [];
  /** What was connected to. */
  readonly connections: object[] = [];
  readonly waits: number[] = [];
  /** How long a call takes. */
  callMs = 0;
  time = Date.parse('2026-11-23T12:00:00Z');
  readonly #script: readonly (() => unknown)[];

  constructor(script: readonly (() => unknown)[], isTTY = false) {
    this.#script = script;
    this.stdout = new Written(isTTY);
    this.stderr = new Written(isTTY);
  }

  /** There is none: a test that needs one says so. */
  readonly settings: Surroundings['settings'] = () => async (name) => {
    throw new Error(`The script has no function ${name}.`);
  };
  readonly metrics: Surroundings['metrics'] = () => {
    throw new Error('The script has no metrics.');
  };
  readonly functions: Surroundings['functions'] = () => {
    throw new Error('The script has no functions to look at.');
  };
  readonly logGroups: Surroundings['logGroups'] = () => {
    throw new Error('The script has no log groups.');
  };
  readonly history: Surroundings['history'] = () => ({
    page: async ({ logGroup }) => {
      throw new Error(`The script has no log group ${logGroup}.`);
    },
    filters: async () => [],
  });
  readonly stateFolder = '/nowhere';
  readonly callerOf: Surroundings['callerOf'] = async () => {
    throw new Error('The script has no account.');
  };
  readonly env: Surroundings['env'] = {};
  readonly run: Surroundings['run'] = async (command) => {
    throw new Error(`The script has no program ${command}.`);
  };
  readonly ask: Surroundings['ask'] = undefined;

  readonly now = () => this.time;

  readonly wait = async (ms: number, signal: AbortSignal) => {
    signal.throwIfAborted();
    this.waits.push(ms);
    this.time += ms;
  };

  readonly connect: Surroundings['connect'] = (config) => {
    this.connections.push(config);
    return async (functionName, payload) => {
      this.time += this.callMs;
      const step = this.#script[this.calls.push({ functionName, payload }) - 1];
      if (!step) throw new Error('It was called more often than the script says.');
      return step();
    };
  };
}

export function result(key: string, props: Partial<ReplayResult> = {}): ReplayResult {
  return { key, matched: true, lines: 0, stored: 0, refused: {}, bytes: 0, error: null, blocked: false, ...props };
}

export function page(objects: readonly ReplayResult[], next: string | null = null, remaining = 0): ReplayPage {
  return { objects, next, remaining, more: next !== null };
}
