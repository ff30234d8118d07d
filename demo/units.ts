/** What a unit of systemd runs in Docker. */
export interface Container {
  readonly image: string;
  /** What follows the image. */
  readonly command: readonly string[];
  /** Option without its dashes → its values. */
  readonly options: Readonly<Record<string, readonly string[]>>;
}

/** Options of `docker run` that have no value. */
const FLAGS = new Set(['rm', 'read-only']);

/**
 * Reads the command `docker run` of a unit, as systemd does: lines that go on, and `\${NAME}` of its environment file.
 *
 * @param environment lines NAME="value"
 * @throws Error for a unit without one, and for a name without a value
 */
export function containerOf(unit: string, environment: string): Container {
  const command = /^ExecStart=\S*docker run (.*)$/m.exec(unit.replace(/\\\n\s*/g, ''))?.[1];
  if (!command) throw new Error('The unit has no docker run in its ExecStart.');
  const values = new Map(
    Array.from(environment.matchAll(/^(\w+)="?(.*?)"?$/gm), ([, name = '', value = '']) => [name, value]),
  );
  const words = command
    .trim()
    .split(/\s+/)
    .map((word) =>
      word.replace(/\$\{(\w+)\}/g, (_, name: string) => {
        const value = values.get(name);
        if (value === undefined) throw new Error(`The unit asks for ${name}, which its environment does not have.`);
        return value;
      }),
    );

  const options: Record<string, string[]> = {};
  let at = 0;
  for (let word = words[at]; word?.startsWith('--'); word = words[at]) {
    const name = word.slice(2);
    const values = options[name] ?? [];
    options[name] = values;
    if (!FLAGS.has(name)) values.push(words[at + 1] ?? '');
    at += FLAGS.has(name) ? 1 : 2;
  }
  const [image = '', ...rest] = words.slice(at);
  return { image, command: rest, options };
}
