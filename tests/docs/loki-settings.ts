import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../../tools/local/commands.ts';
import { hostConfiguration, localConfiguration, merge, type Settings } from '../../tools/local/loki-configuration.ts';

/** Has Loki read its configuration with some settings over it. @throws Error with Loki's words, where it refuses them */
export async function checkLokiSettings(command: string, settings: Settings, folder: string): Promise<void> {
  const data = join(folder, 'loki-settings');
  mkdirSync(data, { recursive: true });
  const config = join(data, 'loki.yaml'); // JSON is YAML.
  const local = localConfiguration(hostConfiguration(), { httpPort: 1, grpcPort: 2, data });
  writeFileSync(config, JSON.stringify(merge(local, settings)));
  const { status, stdout, stderr } = await run(command, [`-config.file=${config}`, '-verify-config']);
  if (status !== 0) throw new Error(`Loki refuses it:\n${stdout}${stderr}`);
}
