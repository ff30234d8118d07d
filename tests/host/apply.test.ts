import { expect } from 'chai';
import type { ConfigurationProps } from './configuration.ts';
import type { Sandbox } from './sandbox.ts';
import { changes, useScene } from './scene.ts';
import { VALUES } from './values.ts';
import type { Volume } from './volume.ts';

const STEPS = [
  ...['packages', 'swap', 'data-volume', 'folders', 'secrets', 'certificate'],
  ...['loki', 'grafana', 'proxy', 'updates', 'health'],
];

const metric = (value: number) =>
  `aws cloudwatch put-metric-data --namespace loki-shipper/host --metric-data MetricName=HostApplied,Value=${value},Unit=None,Dimensions=[{Name=Host,Value=logs}]`;

interface Failing {
  readonly step: string;
  /** What the report says after the name of the step. */
  readonly says: RegExp;
  readonly toDo: RegExp;
  /** Calls that fail. */
  readonly failing?: string;
  readonly props?: ConfigurationProps;
  /** Done to a host that came up. */
  readonly breaking?: (sandbox: Sandbox) => Promise<unknown>;
  readonly repairing?: (sandbox: Sandbox, volume: Volume) => Promise<unknown>;
  /** Steps that need it. */
  readonly skipped?: readonly string[];
}

const FAILING: readonly Failing[] = [
  {
    step: 'packages',
    failing: '^dnf install',
    says: /dnf cannot install docker nginx .*: it does not work/,
    toDo: /repositories/,
    skipped: ['secrets', 'certificate', 'loki', 'grafana', 'proxy'],
  },
  { step: 'swap', failing: '^swapon /swapfile', says: /refuses the swap file: it does not work/, toDo: /remove/ },
  {
    step: 'data-volume',
    breaking: async (sandbox) => sandbox.detach(),
    repairing: (sandbox, volume) => sandbox.attach(volume),
    says: /the volume vol-0123456789abcdef0 is not attached/,
    toDo: /terraform apply/,
    skipped: ['folders', 'loki', 'grafana'],
  },
  {
    step: 'folders',
    breaking: (sandbox) => sandbox.output('bash', '-c', 'rm -r /data/loki && touch /data/loki'),
    repairing: (sandbox) => sandbox.output('rm', '/data/loki'),
    says: /it ended with status 1: .*mkdir/,
    toDo: /journalctl/,
    skipped: ['loki', 'grafana'],
  },
  {
    step: 'secrets',
    failing: 'get-secret-value .*:grafana-admin',
    says: /the secret arn:\S+:grafana-admin-AbCdEf cannot be read: it does not work/,
    toDo: /role/,
    skipped: ['grafana', 'proxy'],
  },
  {
    step: 'certificate',
    props: { values: { certificate_secret_arn: 'certificate' } },
    says: /the secret certificate has no value/,
    toDo: /put JSON/,
    skipped: ['proxy'],
  },
  { step: 'loki', failing: '^docker pull .*/loki', says: /the image \S+ cannot be pulled: it/, toDo: /registry/ },
  { step: 'grafana', failing: '^docker exec', says: /does not take the admin's password: it/, toDo: /journalctl/ },
  {
    step: 'proxy',
    props: { files: { 'nginx/loki-host.conf': 'bad_directive;\n' } },
    says: /nginx refuses .*: nginx: \[emerg\] unknown directive "bad_directive"/,
    toDo: /stays in use/,
  },
  {
    step: 'updates',
    props: { values: { maintenance_window: 'Sonntag' } },
    says: /the maintenance window "Sonntag" is none that systemd knows: /,
    toDo: /maintenance_window/,
  },
  {
    step: 'health',
    failing: '^systemctl restart loki-host-health.timer',
    says: /loki-host-health.timer does not start: it does not work/,
    toDo: /systemctl status/,
  },
];

describe('The host', function () {
  this.timeout(60_000);
  const scene = useScene();

  it('comes up from nothing, step by step, and says so', async () => {
    expect(await scene.apply(), scene.report()).to.equal(0);
    expect(scene.report()).to.match(/^logs, configuration [\da-f]{12}, \S+Z: 11 of 11 steps are done\n/);
    expect(scene.report().split('\n').slice(1, -1)).to.deep.equal(STEPS.map((step) => `ok       ${step}`));
    const calls = scene.sandbox.calls();
    expect(calls.at(-1)).to.equal(metric(1));
    expect(calls).to.include.members(['systemctl restart loki', 'systemctl restart grafana']);
    expect(await scene.sandbox.output('loki-host', 'report')).to.equal(scene.report().trim());
  });

  it('changes nothing when all is as it should be', async () => {
    await scene.apply();
    const before = await scene.sandbox.state();
    expect(before.join())
      .to.match(/swapfile.*fstab|fstab.*swapfile/)
      .and.include('/data/loki 10001:10001 750');
    scene.sandbox.calls();
    expect((await scene.sandbox.tick()).status).to.equal(0);
    expect(await scene.sandbox.state()).to.deep.equal(before);
    expect(changes(scene.sandbox.calls())).to.deep.equal([]);
  });

  it('has a test for each step that fails', () => {
    expect(FAILING.map(({ step }) => step)).to.deep.equal(STEPS);
  });

  for (const { step, says, toDo, failing, props, breaking, repairing, skipped = [] } of FAILING)
    it(`reports that ${step} fails, does what does not need it, and is well when it works again`, async () => {
      if (breaking) {
        await scene.apply();
        await breaking(scene.sandbox);
        scene.sandbox.calls();
      }
      scene.sandbox.failing(failing);
      expect(await scene.apply(props)).to.equal(2);
      const [head = '', ...lines] = scene.report().trim().split('\n');
      expect(head).to.include(`: ${10 - skipped.length} of 11 steps are done`);
      const at = lines.findIndex((line) => line.startsWith('FAILED'));
      expect(lines[at])
        .to.match(new RegExp(`^FAILED {3}${step}: `))
        .and.match(says);
      expect(lines[at + 1])
        .to.match(/^ {9}to do: /)
        .and.match(toDo);
      expect(lines.filter((line) => line.startsWith('skipped')).map((line) => line.split(/[\s:]+/)[1])).to.deep.equal(
        skipped,
      );
      expect(scene.sandbox.calls().at(-1)).to.equal(metric(0));

      await repairing?.(scene.sandbox, scene.volume);
      scene.sandbox.failing();
      expect(await scene.apply(), scene.report()).to.equal(0);
      expect(scene.sandbox.calls().at(-1)).to.equal(metric(1));
    });

  it('reports although CloudWatch does not take the metric', async () => {
    scene.sandbox.failing('^aws cloudwatch');
    expect(await scene.apply()).to.equal(0);
    expect(scene.report()).to.include('11 of 11');
  });

  it('makes the swap file as large as it is asked for, once', async () => {
    const size = () => scene.sandbox.output('stat', '--format', '%s %a', '/swapfile');
    await scene.apply();
    expect(await size()).to.equal(`${VALUES.swap_mb * 1_048_576} 600`);
    expect(await scene.sandbox.output('blkid', '--probe', '--match-tag', 'TYPE', '/swapfile')).to.include(
      'TYPE="swap"',
    );
    await scene.apply({ values: { swap_mb: 24 } });
    expect(await size()).to.equal(`${24 * 1_048_576} 600`);
    expect(scene.sandbox.read('/etc/fstab').match(/swap defaults/g)).to.have.length(1);
    await scene.apply({ values: { swap_mb: 0 } });
    expect(scene.sandbox.has('/swapfile')).to.equal(false);
    expect(scene.sandbox.read('/etc/fstab')).not.to.include('swap');
    expect(changes(scene.sandbox.calls()).filter((call) => call.startsWith('swap'))).to.deep.equal([
      'swapon /swapfile',
      'swapoff /swapfile',
      'swapon /swapfile',
      'swapoff /swapfile',
    ]);
  });

  it('never fills its root volume with swap', async () => {
    expect(await scene.apply({ values: { swap_mb: 99_999_999 } })).to.equal(2);
    expect(scene.report()).to.match(/FAILED {3}swap: the root volume has \d+ MB free/);
    expect(scene.sandbox.has('/swapfile')).to.equal(false);
  });

  it('updates in its window only, and restarts only if it must', async () => {
    await scene.apply();
    expect(scene.sandbox.read('/etc/systemd/system/loki-host-updates.timer')).to.include('\nOnCalendar=Sun 04:00\n');
    scene.sandbox.calls();
    await scene.sandbox.output('bash', '/opt/loki-host/bin/update');
    const upgrade = 'dnf upgrade --security --releasever=latest --assumeyes';
    expect(scene.sandbox.calls()).to.deep.equal([upgrade, 'needs-restarting --reboothint']);
    scene.sandbox.write('/stand-ins/state/needs-restarting', '1');
    await scene.sandbox.output('bash', '/opt/loki-host/bin/update');
    expect(scene.sandbox.calls()).to.deep.equal([upgrade, 'needs-restarting --reboothint', 'systemctl reboot']);
  });

  it('does not restart because it cannot tell whether it must', async () => {
    await scene.apply();
    scene.sandbox.write('/stand-ins/state/needs-restarting', '127');
    scene.sandbox.calls();
    expect((await scene.sandbox.run('bash', '/opt/loki-host/bin/update')).status).to.equal(127);
    expect(scene.sandbox.calls()).not.to.include('systemctl reboot');
  });

  it('reports updates that failed', async () => {
    await scene.apply();
    scene.sandbox.write('/stand-ins/state/failed', 'loki-host-updates\n');
    expect((await scene.sandbox.tick()).status).to.equal(2);
    expect(scene.report()).to.match(/FAILED {3}updates: the last security updates failed\n.*journalctl/);
  });

  it('does not restart after updates that failed', async () => {
    await scene.apply();
    scene.sandbox.write('/stand-ins/state/needs-restarting', '1');
    scene.sandbox.failing('^dnf upgrade');
    scene.sandbox.calls();
    expect((await scene.sandbox.run('bash', '/opt/loki-host/bin/update')).status).to.equal(1);
    expect(scene.sandbox.calls()).to.have.length(1);
  });
});
