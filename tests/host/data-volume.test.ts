import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { expect } from 'chai';
import { Sandbox } from './sandbox.ts';
import { useScene } from './scene.ts';
import { Volume } from './volume.ts';

/** The first 64 KiB of what the real tools write (sfdisk 2.38, LVM 2.03, mkfs.xfs 6.1). */
const foreign = (name: string) => readFileSync(`tests/host/foreign/${name}.img.gz`);

describe('The data volume', function () {
  this.timeout(60_000);
  const scene = useScene();
  let others: Volume[] = [];
  afterEach(async () => {
    for (const other of others) await other.release();
    others = [];
  });

  /** Instead of the scene's own. */
  async function attachAnother(megabytes: number, start?: Buffer): Promise<Volume> {
    const volume = await Volume.make(scene.sandbox.folder, megabytes, start);
    others.push(volume);
    await scene.sandbox.attach(volume);
    return volume;
  }

  const kilobytes = async () => Number(await scene.sandbox.output('df', '--output=size', '/data').then(lastLine));

  it('is formatted when it is blank, once, and mounted by its UUID', async () => {
    expect(await scene.apply(), scene.report()).to.equal(0);
    const uuid = await scene.volume.tag('UUID');
    expect([await scene.volume.tag('TYPE'), await scene.volume.tag('LABEL')]).to.deep.equal(['xfs', 'loki-data']);
    const lines = scene.sandbox.read('/etc/fstab').split('\n');
    expect(lines).to.include(`UUID=${uuid} /data xfs defaults,nofail,noatime,nodev,nosuid 0 2`);
    expect(lines).to.include('UUID=11111111-1111-1111-1111-111111111111 / xfs defaults,noatime 1 1');
    expect(await scene.sandbox.output('findmnt', '--noheadings', '--output', 'SOURCE,FSTYPE', '/data')).to.match(
      new RegExp(`^${scene.volume.device}\\s+xfs$`),
    );

    scene.sandbox.write('/data/loki/chunk', 'kept');
    await scene.apply();
    expect(await scene.volume.tag('UUID')).to.equal(uuid);
    expect(scene.sandbox.read('/data/loki/chunk')).to.equal('kept');
  });

  it('belongs to the users of the containers', async () => {
    await scene.apply();
    const owners = () => scene.sandbox.output('stat', '--format', '%n %u:%g %a', '/data/loki', '/data/grafana');
    expect(await owners()).to.equal('/data/loki 10001:10001 750\n/data/grafana 472:472 750');
    await scene.sandbox.output('bash', '-c', 'touch /data/loki/restored; chown -R 0:0 /data/loki');
    await scene.apply();
    expect(await owners()).to.equal('/data/loki 10001:10001 750\n/data/grafana 472:472 750');
    expect(await scene.sandbox.output('stat', '--format', '%u', '/data/loki/restored')).to.equal('10001');
  });

  it('may be attached after the start', async () => {
    scene.sandbox.detach();
    const link = '/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_vol0123456789abcdef0';
    scene.sandbox.write(
      '/stand-ins/while-asleep',
      `[[ $(grep -c ^sleep calls) -lt 5 ]] || ln -sf ${scene.volume.device} ${link}`,
    );
    expect(await scene.apply(), scene.report()).to.equal(0);
    expect(scene.sandbox.calls().filter((call) => call === 'sleep 2')).to.have.length(5);
  });

  it('is waited for two minutes, no longer', async () => {
    scene.sandbox.detach();
    expect(await scene.apply()).to.equal(2);
    expect(scene.sandbox.calls().filter((call) => call === 'sleep 2')).to.have.length(60);
  });

  for (const [name, found] of [
    ['xfs', 'TYPE=xfs'],
    ['lvm', 'TYPE=LVM2_member'],
    ['gpt', 'PTTYPE=gpt'],
  ] as const)
    it(`is not touched when it holds ${name}`, async () => {
      const volume = await attachAnother(48, foreign(name));
      const before = await volume.digest();
      expect(await scene.apply()).to.equal(2);
      expect(scene.report()).to.include(`not ours (${found}); it was not touched`).and.include('wipefs --all');
      expect(await volume.digest()).to.equal(before);
      expect(scene.sandbox.read('/etc/fstab')).not.to.include('/data');
    });

  it('is not touched when it holds an ext4 file system of somebody else', async () => {
    const volume = await attachAnother(48);
    await scene.sandbox.output('mkfs.ext4', '-q', '-L', 'photos', volume.device);
    await scene.sandbox.output('bash', '-c', `mount ${volume.device} /mnt && echo mine >/mnt/mine && umount /mnt`);
    const before = await volume.digest();
    expect(await scene.apply()).to.equal(2);
    expect(scene.report())
      .to.match(/not ours \(LABEL=photos TYPE=ext4\)/)
      .and.to.include('xfs_admin');
    expect(await volume.digest()).to.equal(before);
  });

  it('is not touched when only wipefs finds something', async () => {
    const volume = await attachAnother(48);
    scene.sandbox.write('/stand-ins/bin/wipefs', '#!/bin/sh\necho "loop0 0x200 gpt"\n');
    await scene.sandbox.output('chmod', '755', '/stand-ins/bin/wipefs');
    const before = await volume.digest();
    expect(await scene.apply()).to.equal(2);
    expect(scene.report()).to.include('not ours (signatures that wipefs finds)');
    expect(await volume.digest()).to.equal(before);
  });

  it('is not touched when it has our label and is something else too', async () => {
    const volume = await attachAnother(320);
    await scene.sandbox.output('mkfs.xfs', '-q', '-L', 'loki-data', volume.device);
    scene.sandbox.write('/tmp/lvm', gunzipSync(foreign('lvm')).subarray(512, 1024));
    await scene.sandbox.output('dd', 'if=/tmp/lvm', `of=${volume.device}`, 'bs=512', 'seek=1', 'status=none');
    const before = await volume.digest();
    expect(await scene.apply()).to.equal(2);
    expect(scene.report()).to.include('not ours (TYPE=LVM2_member)');
    expect(await volume.digest()).to.equal(before);
  });

  it('lets neither Loki nor Grafana start where it is not mounted', async () => {
    await attachAnother(48, foreign('xfs'));
    await scene.apply();
    expect(
      scene.sandbox.calls().filter((call) => /^systemctl (restart|enable).*(loki|grafana)$/.test(call)),
    ).to.deep.equal([]);
    for (const unit of ['loki', 'grafana']) {
      const text = readFileSync(`modules/loki/host/units/${unit}.service`, 'utf8');
      expect(text)
        .to.match(/^RequiresMountsFor=\/data$/m)
        .and.match(/^AssertPathIsMountPoint=\/data$/m);
    }
  });

  it('grows while it is mounted, when the device has grown', async () => {
    await scene.apply();
    scene.sandbox.write('/data/loki/chunk', 'kept');
    const before = await kilobytes();
    await scene.volume.grow(640);
    expect(await kilobytes()).to.equal(before);
    expect(await scene.apply(), scene.report()).to.equal(0);
    expect(await kilobytes()).to.be.greaterThan(1.9 * before);
    expect(scene.sandbox.read('/data/loki/chunk')).to.equal('kept');
  });

  it('is mounted again after a restart', async () => {
    await scene.apply();
    scene.sandbox.write('/data/loki/chunk', 'kept');
    await scene.sandbox.output('umount', '/data');
    expect(await scene.apply(), scene.report()).to.equal(0);
    expect(scene.sandbox.read('/data/loki/chunk')).to.equal('kept');
  });

  it('keeps its data when the instance is replaced', async () => {
    await scene.apply();
    const uuid = await scene.volume.tag('UUID');
    scene.sandbox.write('/data/loki/chunk', 'kept');
    await scene.sandbox.output('umount', '/data');
    const replaced = await Sandbox.start();
    try {
      await replaced.attach(scene.volume);
      expect(await scene.apply({}, replaced)).to.equal(0);
      expect(replaced.read('/data/loki/chunk')).to.equal('kept');
      expect(await scene.volume.tag('UUID')).to.equal(uuid);
    } finally {
      await replaced.stop();
    }
  });

  it('is refused while another one is mounted in its place', async () => {
    await scene.apply();
    const device = scene.volume.device;
    await attachAnother(48);
    expect(await scene.apply()).to.equal(2);
    expect(scene.report()).to.include(`${device} is mounted at /data, which is not vol-0123456789abcdef0`);
  });
});

const lastLine = (text: string) => text.split('\n').at(-1);
