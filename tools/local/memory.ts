import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  mkdirSync,
  readFileSync,
  rmdirSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { atEnd } from './at-end.ts';

/** A command whose memory is watched, and limited as a container's is. */
export interface WatchedCommand {
  /** Starts it. */
  readonly command: string;
  /** Of the process that was started last. */
  pid(): number;
  /** The most that it had so far, in MiB (VmHWM of Linux). */
  peakMb(): number;
  /** After its last process has ended. */
  release(): void;
}

export interface MemoryProps {
  /** In MiB; more ends it. Holds where this process may make control groups, as root on Linux. @default - no limit */
  readonly limitMb?: number;
  /** For Go: in MiB. @default - none */
  readonly heapMb?: number;
}

export function watchMemory(command: string, folder: string, { limitMb, heapMb }: MemoryProps = {}): WatchedCommand {
  mkdirSync(folder, { recursive: true });
  const [script, pidFile] = [join(folder, 'watched'), join(folder, 'watched.pid')];
  const group = limitMb === undefined ? undefined : controlGroup(limitMb);
  const lines = [
    '#!/bin/sh',
    `echo $$ > '${pidFile}'`,
    ...(group ? [`echo $$ > '${group}/cgroup.procs'`] : []),
    ...(heapMb === undefined ? [] : [`export GOMEMLIMIT=${heapMb}MiB`]),
    `exec '${command}' "$@"`,
  ];
  writeFileSync(script, `${lines.join('\n')}\n`);
  chmodSync(script, 0o755);

  const pid = () => Number(readFileSync(pidFile, 'utf8'));
  const release = () => void (group && existsSync(group) && rmdirSync(group));
  const callOff = atEnd(release);
  return {
    command: script,
    pid,
    peakMb: () => Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid()}/status`, 'utf8'))?.[1]) / 1024,
    release: () => {
      release();
      callOff();
    },
  };
}

const CONTROL_GROUPS = '/sys/fs/cgroup';

/** @returns the folder of a group with this limit; undefined where there can be none */
function controlGroup(limitMb: number): string | undefined {
  const [root, limit] = existsSync(`${CONTROL_GROUPS}/cgroup.controllers`)
    ? [CONTROL_GROUPS, 'memory.max']
    : [`${CONTROL_GROUPS}/memory`, 'memory.limit_in_bytes'];
  const group = `${root}/loki-shipper-${process.pid}`;
  try {
    accessSync(root, constants.W_OK);
    mkdirSync(group);
    writeFileSync(`${group}/${limit}`, String(limitMb * 1024 ** 2));
    return group;
  } catch {
    return undefined; // Not ours to make: the measured memory is what tests can look at.
  }
}
