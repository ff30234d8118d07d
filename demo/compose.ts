import type { Container } from './units.ts';

/** Where things are that the host has in other places. */
export interface TwinPlace {
  /** In the place of the host's ports, by service; on 127.0.0.1. */
  readonly ports: Readonly<Record<string, number>>;
  /** Path on the host → path on this machine. What is below /data becomes a volume of its own. */
  readonly paths: Readonly<Record<string, string>>;
}

type Translate = (values: readonly string[], service: string, place: TwinPlace) => object;

const seconds = ([value]: readonly string[]) => `${value}s`;

/** Option of `docker run` → what it is in a compose file. What a file of compose does by itself is nothing. */
const OPTIONS: Readonly<Record<string, Translate>> = {
  rm: () => ({}),
  name: () => ({}),
  network: () => ({}),
  pull: () => ({}),
  'env-file': ([file], _, { paths }) => ({ env_file: [located(file, paths)] }),
  user: ([user]) => ({ user }),
  'read-only': () => ({ read_only: true }),
  tmpfs: (tmpfs) => ({ tmpfs }),
  'cap-drop': (cap_drop) => ({ cap_drop }),
  'security-opt': (security_opt) => ({ security_opt }),
  memory: ([mem_limit]) => ({ mem_limit }),
  env: (environment) => ({ environment }),
  'stop-timeout': (values) => ({ stop_grace_period: seconds(values) }),
  'log-driver': ([driver]) => ({ logging: { driver } }),
  publish: ([published = ''], service, { ports }) => ({
    ports: [`127.0.0.1:${ports[service]}:${published.split(':').at(-1)}`],
  }),
  volume: (volumes, _, { paths }) => ({
    volumes: volumes.map((volume) => {
      const [source = '', ...rest] = volume.split(':');
      return [volumeOf(source) ?? located(source, paths), ...rest].join(':');
    }),
  }),
};

/**
 * The host's containers as a compose file.
 *
 * @param containers what its units run, by service
 * @throws Error for an option or a path that has no counterpart
 */
export function composeOf(containers: Readonly<Record<string, Container>>, place: TwinPlace): object {
  const services = Object.entries(containers).map(([service, { image, command, options }]) => {
    const translated = Object.entries(options).map(([option, values]) => {
      const translate = OPTIONS[option];
      if (!translate) throw new Error(`docker run --${option} of ${service} has no counterpart in the compose file.`);
      return translate(values, service, place);
    });
    return [service, Object.assign({ image, ...(command.length > 0 && { command }) }, ...translated)];
  });
  const data = Object.values(containers).flatMap(({ options }) =>
    (options.volume ?? []).flatMap((volume) => volumeOf(volume.split(':', 1).join()) ?? []),
  );
  return { services: Object.fromEntries(services), volumes: Object.fromEntries(data.map((name) => [name, {}])) };
}

/** @returns undefined for what is not on the data volume */
function volumeOf(path: string): string | undefined {
  return /^\/data\/(\w+)$/.exec(path)?.[1];
}

function located(path: string | undefined, paths: TwinPlace['paths']): string {
  const found = Object.keys(paths).find((known) => path === known || path?.startsWith(`${known}/`));
  if (!path || !found) throw new Error(`The host's path ${path} has no counterpart on this machine.`);
  return `${paths[found]}${path.slice(found.length)}`;
}
