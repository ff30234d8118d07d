import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { LokiShipperError } from '../../function/errors.ts';

/** The module, `examples/demo` and its sample functions, as in the repository: path → content in base64. */
export type DemoFiles = Readonly<Record<string, string>>;

/** Is put in when the command line is bundled. */
declare const DEMO_FILES: DemoFiles | undefined;

/** The command line runs from its sources. */
export class NoDemoFiles extends LokiShipperError {
  override readonly name = 'NoDemoFiles';
  constructor() {
    super(
      'The files of the demo are in the built command line only: npm run build, then dist/cli/loki-shipper.mjs demo.',
    );
  }
}

/** @throws NoDemoFiles */
export function demoFiles(): DemoFiles {
  if (typeof DEMO_FILES === 'undefined') throw new NoDemoFiles();
  return DEMO_FILES;
}

export interface DemoSettings {
  /** Of the module. */
  readonly name: string;
  readonly lokiUrl: string;
  readonly region: string;
  /** Terraform refuses to touch any other. */
  readonly account: string;
  /** Source of the module in Terraform's words. Default: the one of these files */
  readonly module?: string;
}

/** Writes the files with what is asked for. @returns the folder in which Terraform is to run */
export function writeDemo(folder: string, files: DemoFiles, settings: DemoSettings): string {
  const { name, lokiUrl, region, account, module } = settings;
  for (const [path, content] of Object.entries(files)) write(join(folder, path), Buffer.from(content, 'base64'));
  const project = projectFolder(folder);
  write(join(project, 'demo.auto.tfvars.json'), JSON.stringify({ loki_url: lokiUrl, region }));
  // Files of this name are put over the others: https://developer.hashicorp.com/terraform/language/files/override
  const override = {
    provider: { aws: { allowed_account_ids: [account] } },
    module: { loki_shipper: { name, ...(module && { source: module }) } },
  };
  write(join(project, 'demo_override.tf.json'), JSON.stringify(override));
  return project;
}

/** Where `examples/demo` is in the folder of a demo. */
export function projectFolder(folder: string): string {
  return join(folder, 'examples', 'demo');
}

function write(file: string, content: string | Buffer): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}
