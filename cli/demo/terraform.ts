import { LokiShipperError } from '../../function/errors.ts';
import { onPath } from '../run-program.ts';
import type { Surroundings } from '../surroundings.ts';
import type { RunTerraform } from './project.ts';

export class NoTerraform extends LokiShipperError {
  override readonly name = 'NoTerraform';
  constructor() {
    super('Neither terraform nor tofu is on the PATH: install Terraform or OpenTofu 1.9 or newer.');
  }
}

/** The user's credentials in the environment, which Terraform would take before those of a profile. */
const CREDENTIALS = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'];

/** The program of Terraform or of OpenTofu. @throws NoTerraform */
export function findTerraform({ env }: Pick<Surroundings, 'env'>): string {
  const program = onPath('terraform', env.PATH) ?? onPath('tofu', env.PATH);
  if (!program) throw new NoTerraform();
  return program;
}

/** Terraform in a folder, with the rights of a profile. */
export function terraformIn(
  cwd: string,
  program: string,
  { region, profile }: { readonly region: string; readonly profile?: string },
  { env, run, signal }: Pick<Surroundings, 'env' | 'run' | 'signal'>,
): RunTerraform {
  const others = Object.entries(env).filter(([name]) => !profile || !CREDENTIALS.includes(name));
  const settings = {
    ...Object.fromEntries(others),
    AWS_REGION: region,
    ...(profile && { AWS_PROFILE: profile }),
    TF_IN_AUTOMATION: '1',
    TF_INPUT: '0',
    TF_CLI_ARGS: '-no-color',
  };
  return (args, onLine) => run(program, args, { cwd, env: settings, signal, ...(onLine && { onLine }) });
}
