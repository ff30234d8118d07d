import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { renderTemplate } from '../../tools/host-files.ts';
import { type CloudInit, findCloudInit } from '../../tools/local/cloud-init.ts';
import { run } from '../../tools/local/commands.ts';
import { runFolder } from '../../tools/local/folders.ts';
import { findShellcheck } from '../../tools/local/shellcheck.ts';
import { orSkip } from '../support/parts.ts';
import { userData, writtenFiles } from './user-data.ts';
import { VALUES } from './values.ts';

const HOST = 'modules/loki/host';

describe('The scripts of the host', function () {
  this.timeout(60_000);
  let shellcheck: string;
  let folder: string;
  before(async function () {
    shellcheck = await orSkip(this, () => findShellcheck(console.error));
  });
  beforeEach(() => {
    folder = runFolder();
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const check = (...files: readonly string[]) =>
    run(shellcheck, ['--external-sources', '--source-path=SCRIPTDIR', `--source-path=${HOST}`, ...files]);

  it('are clean for ShellCheck', async () => {
    const scripts = ['bin', 'bin/steps']
      .flatMap((path) => readdirSync(join(HOST, path), { withFileTypes: true }).map((entry) => ({ path, entry })))
      .filter(({ entry }) => entry.isFile())
      .map(({ path, entry }) => join(HOST, path, entry.name));
    expect(scripts).to.include.members([`${HOST}/bin/apply`, `${HOST}/bin/steps/data-volume`]);
    const { status, stdout } = await check(...scripts, 'tests/host/stand-ins.sh');
    expect(status, stdout).to.equal(0);
  });

  it('are clean for ShellCheck where user data writes them', async () => {
    const script = join(folder, 'loki-host');
    writeFileSync(script, writtenFiles(userData()).get('/usr/bin/loki-host') ?? '');
    const { status, stdout } = await check(script);
    expect(status, stdout).to.equal(0);
    writeFileSync(script, '#!/usr/bin/env bash\ncd $1\n');
    expect((await check(script)).status).to.equal(1);
  });
});

describe('User data', function () {
  this.timeout(60_000);
  let cloudInit: CloudInit;
  let file: string;
  before(async function () {
    cloudInit = await orSkip(this, () => findCloudInit(console.error));
  });
  beforeEach(() => {
    file = join(runFolder(), 'user-data.yaml');
  });

  const check = async (text: string) => {
    writeFileSync(file, text);
    return cloudInit('schema', '--config-file', file);
  };

  it('is clean for cloud-init schema', async () => {
    const { status, stdout, stderr } = await check(userData());
    expect(status, stderr).to.equal(0);
    expect(stdout)
      .to.include('Valid cloud-config')
      .and.not.to.match(/warn|deprecat/i);
    expect((await check(userData().replace('permissions: "0755"', 'permissions: 755'))).status).to.equal(1);
  });

  it('is a quarter of what EC2 takes', () => {
    expect(Buffer.byteLength(userData())).to.be.lessThan(4_096);
  });

  it('asks for nothing but its region and its bucket, so that no setting changes it', () => {
    const template = readFileSync('modules/loki/user-data.yaml.tftpl', 'utf8');
    const { region, config_bucket } = VALUES;
    expect(renderTemplate(template, { region, config_bucket })).to.equal(userData());
  });
});
