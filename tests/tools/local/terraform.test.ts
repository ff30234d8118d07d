import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { runFolder } from '../../../tools/local/folders.ts';
import { MissingPart } from '../../../tools/local/missing-part.ts';
import { cliConfig, findTerraform } from '../../../tools/local/terraform.ts';

describe('cliConfig', () => {
  it('takes what the mirror has from the mirror alone, and all else from the registries', () => {
    const aws = 'registry.terraform.io/hashicorp/aws';
    const config = cliConfig({ folder: '/opt/mirror', providers: [aws] }, '/cache');
    expect(config).to.match(/filesystem_mirror \{\s+path += "\/opt\/mirror"\s+include = \["registry[^"]+aws"\]\s+\}/);
    expect(config).to.match(/direct \{\s+exclude = \["registry\.terraform\.io\/hashicorp\/aws"\]\s+\}/);
  });

  it('downloads once when there is no mirror', () => {
    expect(cliConfig(undefined, '/cache')).to.include('plugin_cache_dir = "/cache"').and.not.include('mirror');
  });

  it('never asks for news', () => expect(cliConfig(undefined, '/cache')).to.include('disable_checkpoint = true'));
});

describe('findTerraform', () => {
  let folder: string;
  const inherited = { ...process.env };
  beforeEach(() => {
    folder = runFolder();
  });
  afterEach(() => {
    process.env = { ...inherited };
    rmSync(folder, { recursive: true });
  });

  /** A stand-in that says its version, and otherwise its arguments and environment. */
  function standIn(version: string): string {
    const program = join(folder, 'terraform');
    const script = `#!${process.execPath}
const args = process.argv.slice(2);
console.log(JSON.stringify(args[0] === 'version' ? { terraform_version: '${version}' } : { args, env: process.env }));`;
    writeFileSync(program, script);
    chmodSync(program, 0o755);
    return program;
  }

  async function refusal(): Promise<MissingPart> {
    const error = await findTerraform().catch((thrown) => thrown);
    expect(error).to.be.instanceOf(MissingPart);
    return error;
  }

  it('takes the one that the environment names', async () => {
    const program = standIn('1.9.0');
    process.env.LOKI_SHIPPER_TERRAFORM = program;
    const { binary, version } = await findTerraform();
    expect({ binary, version }).to.deep.equal({ binary: program, version: '1.9.0' });
  });

  it('finds it on the PATH', async () => {
    delete process.env.LOKI_SHIPPER_TERRAFORM;
    const program = standIn('1.15.2');
    process.env.PATH = folder;
    expect((await findTerraform()).binary).to.equal(program);
  });

  it('says what to install when there is none', async () => {
    delete process.env.LOKI_SHIPPER_TERRAFORM;
    process.env.PATH = folder;
    expect((await refusal()).message).to.match(/^Terraform is not on the PATH: install .* 1\.9\.0 or newer/);
  });

  it('refuses one that is too old, with its version', async () => {
    process.env.LOKI_SHIPPER_TERRAFORM = standIn('1.6.2');
    expect((await refusal()).message).to.include('is 1.6.2: install');
  });

  it("keeps the user's own settings of Terraform and AWS away from it", async () => {
    process.env.LOKI_SHIPPER_TERRAFORM = standIn('1.9.0');
    Object.assign(process.env, { TF_CLI_CONFIG_FILE: '/not/there', TF_WORKSPACE: 'prod', AWS_PROFILE: 'prod' });
    const { stdout } = await (await findTerraform()).run(['plan'], { cwd: folder, env: { TF_VAR_a: 'b' } });
    const { args, env } = JSON.parse(stdout);
    expect(args).to.deep.equal(['plan']);
    expect(env).to.include({ TF_VAR_a: 'b', TF_INPUT: '0' }).and.not.have.any.keys('TF_WORKSPACE', 'AWS_PROFILE');
    expect(env.TF_CLI_CONFIG_FILE).to.match(/\.local.terraform.cli\.tfrc$/);
  });
});
