import { expect } from 'chai';
import { configuration } from './configuration.ts';
import { changes, useScene } from './scene.ts';
import { VALUES } from './values.ts';

const BUCKET = `/stand-ins/bucket/${VALUES.config_bucket}/host`;

describe('The fetch of the configuration', function () {
  this.timeout(60_000);
  const scene = useScene();

  const link = () => scene.sandbox.output('readlink', '/opt/loki-host');
  const applied = () => scene.sandbox.read('/var/lib/loki-host/applied').trim();
  const newer = { files: { 'loki/loki.yaml': 'auth_enabled: true\n' } };

  it('brings what the manifest names, once, and runs it again every time', async () => {
    await scene.apply();
    const fetched = scene.sandbox.calls().filter((call) => call.startsWith('aws s3'));
    expect(fetched).to.have.length(configuration().size);
    expect(fetched.join()).to.include('s3://logs-host/host/bin/steps/data-volume');
    expect(scene.sandbox.read(`${await link()}/loki/loki.yaml`)).to.equal('auth_enabled: false\n');
    await scene.sandbox.tick();
    const calls = scene.sandbox.calls();
    expect(calls.filter((call) => call.startsWith('aws s3'))).to.deep.equal([
      'aws s3 cp --only-show-errors s3://logs-host/host/manifest.sha256 /opt/loki-host.new/manifest.sha256',
    ]);
    expect(calls.join()).to.include('get-secret-value');
  });

  it('takes over in one go, and leaves nothing of the one before', async () => {
    await scene.apply({ files: { 'bin/steps/former': '' } });
    const before = await link();
    await scene.apply(newer);
    expect(await link()).not.to.equal(before);
    expect(await scene.sandbox.output('bash', '-c', 'echo /opt/loki-host*')).to.equal(`/opt/loki-host ${await link()}`);
    expect(scene.sandbox.has(`${await link()}/bin/steps/former`)).to.equal(false);
  });

  const halves: readonly [what: string, upload: () => void][] = [
    [
      'a file is missing',
      () => {
        scene.upload(newer);
        scene.sandbox.remove(`${BUCKET}/bin/apply`);
      },
    ],
    [
      'a file is cut off',
      () => {
        scene.upload(newer);
        scene.sandbox.write(`${BUCKET}/bin/apply`, '#!/usr/bin/env bash\nrm -rf /da');
      },
    ],
  ];
  for (const [what, half] of halves)
    it(`applies nothing of it while ${what}, and all of it when it is whole`, async () => {
      await scene.apply();
      const before = await link();
      scene.sandbox.calls();
      half();
      const { status, stdout } = await scene.sandbox.tick();
      expect(status).to.equal(0);
      expect(stdout).to.match(/are not yet those of their manifest [\da-f]{12}: the next run looks again/);
      expect(await link()).to.equal(before);
      expect(changes(scene.sandbox.calls())).to.deep.equal([]);
      expect(applied()).to.equal('1');

      expect(await scene.apply(newer), scene.report()).to.equal(0);
      expect(scene.sandbox.read(`${await link()}/loki/loki.yaml`)).to.equal('auth_enabled: true\n');
      expect(scene.sandbox.calls()).to.include('systemctl restart loki');
    });

  it('knows nothing of files that have come before their manifest', async () => {
    await scene.apply();
    const before = await link();
    scene.sandbox.write(`${BUCKET}/loki/loki.yaml`, newer.files['loki/loki.yaml']);
    scene.sandbox.calls();
    expect((await scene.sandbox.tick()).status).to.equal(0);
    expect(await link()).to.equal(before);
    expect(changes(scene.sandbox.calls())).to.deep.equal([]);
  });

  it('fails when it stays half, and says so', async () => {
    await scene.apply();
    scene.upload(newer);
    scene.sandbox.remove(`${BUCKET}/bin/health`);
    expect((await scene.sandbox.tick()).status).to.equal(0);
    expect((await scene.sandbox.tick()).status).to.equal(1);
    expect(scene.report()).to.match(/^FAILED {3}fetch: the files in \S+ are not those of their manifest/);
    expect(scene.report()).to.include('to do: apply Terraform again');
    expect(applied()).to.equal('0');
    expect(await scene.apply(newer)).to.equal(0);
    expect(applied()).to.equal('1');
  });

  it('says why the bucket cannot be read, at the first start too', async () => {
    scene.sandbox.failing('^aws s3', 'Unable to locate credentials');
    expect(await scene.apply()).to.equal(1);
    expect(await scene.sandbox.output('loki-host', 'report')).to.match(
      /^FAILED {3}fetch: s3:\/\/logs-host\/host\/manifest.sha256 cannot be read: Unable to locate credentials\n {9}to do: .*role/,
    );
  });

  it('knows no other command than report', async () => {
    const { status, stderr } = await scene.sandbox.run('loki-host', 'status');
    expect(status).to.equal(64);
    expect(stderr).to.equal('usage: loki-host [report]\n');
  });
});
