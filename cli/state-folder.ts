import { join } from 'node:path';

/**
 * Where programs keep what they must remember:
 * https://specifications.freedesktop.org/basedir-spec/latest/, and on Windows the folder for local data.
 *
 * @param home the user's own folder
 */
export function stateFolder(
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
  home: string,
): string {
  const [name, inHome] =
    platform === 'win32'
      ? (['LOCALAPPDATA', ['AppData', 'Local']] as const)
      : (['XDG_STATE_HOME', ['.local', 'state']] as const);
  return join(env[name] || join(home, ...inHome), 'loki-shipper');
}
