import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import type { ConfigurationProps } from './configuration.ts';
import { changes, useScene } from './scene.ts';

const UNITS = 'modules/loki/host/units';
const UPDATED_LOKI = `grafana/loki:3.7.8@sha256:${'b'.repeat(64)}`;

interface Changed {
  readonly what: string;
  readonly props: ConfigurationProps;
  readonly calls: readonly string[];
}

const CHANGED: readonly Changed[] = [
  { what: "Loki's configuration", props: file('loki/loki.yaml'), calls: ['systemctl restart loki'] },
  { what: "Loki's memory", props: { values: { loki_memory_mb: 2048 } }, calls: ['systemctl restart loki'] },
  {
    what: "Loki's image",
    props: { values: { loki_image: UPDATED_LOKI } },
    calls: [`docker pull --quiet ${UPDATED_LOKI}`, 'systemctl restart loki'],
  },
  { what: 'a dashboard', props: file('grafana/dashboards/loki-host.json'), calls: ['systemctl restart grafana'] },
  { what: 'an alert rule', props: file('grafana/provisioning/alerting/a.yaml'), calls: ['systemctl restart grafana'] },
  {
    what: 'a setting of Grafana',
    props: { values: { grafana_settings_json: '{"GF_LOG_LEVEL":"debug"}' } },
    calls: ['systemctl restart grafana'],
  },
  { what: "nginx's configuration", props: file('nginx/loki-host.conf'), calls: ['systemctl reload nginx'] },
  {
    what: 'the maintenance window',
    props: { values: { maintenance_window: 'Mon 03:00' } },
    calls: ['systemctl daemon-reload', 'systemctl restart loki-host-updates.timer'],
  },
  { what: 'the name of the namespace', props: { values: { metric_namespace: 'other' } }, calls: [] },
  { what: 'a script', props: file('bin/update'), calls: [] },
];

function file(path: string): ConfigurationProps {
  return { files: { [path]: '{}\n' } };
}

describe('The services of the host', function () {
  this.timeout(60_000);
  const scene = useScene();

  it('restart only for what concerns them', async () => {
    for (const { what, props, calls } of CHANGED) {
      await scene.apply();
      scene.sandbox.calls();
      expect(await scene.apply(props), scene.report()).to.equal(0);
      expect(changes(scene.sandbox.calls()), what).to.deep.equal(calls);
    }
  }).timeout(120_000);

  it('restart for a changed unit, which systemd reads first', async () => {
    await scene.apply();
    scene.sandbox.calls();
    const unit = readFileSync(`${UNITS}/loki.service`, 'utf8').replace('--cap-drop ALL', '');
    await scene.apply({ files: { 'units/loki.service': unit } });
    expect(changes(scene.sandbox.calls())).to.deep.equal(['systemctl daemon-reload', 'systemctl restart loki']);
  });

  it('are started again when they do not run, and not when their image cannot be had', async () => {
    await scene.apply();
    scene.sandbox.write(
      '/stand-ins/state/active',
      'docker\nnginx\ngrafana\nloki-host-health.timer\nloki-host-updates.timer\n',
    );
    scene.sandbox.calls();
    await scene.sandbox.tick();
    expect(changes(scene.sandbox.calls())).to.deep.equal(['systemctl restart loki']);

    scene.sandbox.failing('^docker pull', 'manifest unknown');
    expect(await scene.apply({ values: { loki_image: UPDATED_LOKI } })).to.equal(2);
    expect(scene.report()).to.include(`FAILED   loki: the image ${UPDATED_LOKI} cannot be pulled: manifest unknown`);
    expect(changes(scene.sandbox.calls()).filter((call) => call.startsWith('systemctl'))).to.deep.equal([]);
  });

  it('read what was applied to them, and nothing that a later configuration brings', async () => {
    await scene.apply();
    const unit = readFileSync(`${UNITS}/loki.service`, 'utf8');
    expect(unit).to.include('--volume /var/lib/loki-host/loki:/etc/loki:ro');
    expect(unit).to.include('EnvironmentFile=/var/lib/loki-host/loki/settings.env');
    const settings = scene.sandbox.read('/var/lib/loki-host/loki/settings.env');
    expect(settings).to.include('LOKI_MEMORY_MB="1024"\n').and.not.to.include('GRAFANA');
    scene.sandbox.failing('^docker pull');
    await scene.apply({ ...file('loki/loki.yaml'), values: { loki_image: UPDATED_LOKI } });
    expect(scene.sandbox.read('/var/lib/loki-host/loki/settings.env')).to.equal(settings);
    expect(scene.sandbox.read('/var/lib/loki-host/loki/loki.yaml')).to.equal('auth_enabled: false\n');
  });

  it('leave nginx as it is when it refuses its new configuration', async () => {
    await scene.apply();
    scene.sandbox.calls();
    const conf = '/etc/nginx/conf.d/loki-host.conf';
    for (let tick = 0; tick < 2; tick++) {
      expect(await scene.apply({ files: { 'nginx/loki-host.conf': 'bad_directive;\n' } })).to.equal(2);
      expect(scene.sandbox.read(conf)).to.equal('server { listen 3100; }\n');
    }
    expect(changes(scene.sandbox.calls())).to.deep.equal([]);
  });

  it('leave nginx without a configuration when it refuses its first one', async () => {
    expect(await scene.apply({ files: { 'nginx/loki-host.conf': 'bad_directive;\n' } })).to.equal(2);
    expect(scene.sandbox.has('/etc/nginx/conf.d/loki-host.conf')).to.equal(false);
  });

  it('get the settings of Grafana as they stand', async () => {
    const settings = { GF_AUTH_GENERIC_OAUTH_SCOPES: 'openid "email" $x', GF_USERS_ALLOW_SIGN_UP: 'false' };
    await scene.apply({ values: { grafana_settings_json: JSON.stringify(settings) } });
    expect(scene.sandbox.read('/var/lib/loki-host/grafana/grafana.env')).to.equal(
      'GF_AUTH_GENERIC_OAUTH_SCOPES=openid "email" $x\nGF_USERS_ALLOW_SIGN_UP=false\n',
    );
    const unit = readFileSync(`${UNITS}/grafana.service`, 'utf8');
    expect(unit).to.include('--env GF_SECURITY_ADMIN_PASSWORD__FILE=/run/secrets/admin-password');
    expect(unit).to.include('--env GF_SECURITY_SECRET_KEY__FILE=/run/secrets/secret-key');
  });

  it('have units that systemd finds nothing wrong with', async () => {
    await scene.apply();
    await scene.sandbox.output('install', '--mode', '755', '/bin/true', '/usr/bin/docker');
    scene.sandbox.write('/etc/systemd/system/docker.service', '[Service]\nExecStart=/usr/bin/docker\n');
    const verify = (...units: readonly string[]) =>
      scene.sandbox.run('systemd-analyze', 'verify', '--man=no', '--recursive-errors=yes', ...units);
    const timers = ['loki-host.timer', 'loki-host-health.timer', 'loki-host-updates.timer'];
    const { status, stderr } = await verify('loki.service', 'grafana.service', ...timers);
    expect([status, stderr.trim()]).to.deep.equal([0, '']);
    scene.sandbox.write('/etc/systemd/system/loki.service', '[Service]\nExecStart=/usr/bin/docker\nRestrat=always\n');
    expect((await verify('loki.service')).stderr).to.match(/Unknown key.* 'Restrat'/);
  });

  it('are given the time to end that they need, and more by systemd', () => {
    for (const [name, least] of [
      ['loki', 60],
      ['grafana', 10],
    ] as const) {
      const unit = readFileSync(`${UNITS}/${name}.service`, 'utf8');
      const seconds = (pattern: RegExp) => Number(pattern.exec(unit)?.[1]);
      expect(seconds(/--stop-timeout (\d+)/)).to.be.greaterThan(least);
      expect(seconds(/^TimeoutStopSec=(\d+)$/m)).to.be.greaterThan(seconds(/--stop-timeout (\d+)/) + 10);
      expect(unit)
        .to.match(/^ExecStop=\/usr\/bin\/docker stop (loki|grafana)$/m)
        .and.match(/^Restart=always$/m);
    }
  });

  it('run with bounds, and with as few rights as they can', async () => {
    await scene.apply();
    for (const name of ['loki', 'grafana']) {
      const unit = readFileSync(`${UNITS}/${name}.service`, 'utf8');
      for (const option of ['--read-only', '--cap-drop ALL', '--security-opt no-new-privileges', '--pull never'])
        expect(unit).to.include(option);
      expect(unit)
        .to.match(/--memory \$\{[A-Z]+_MEMORY_MB\}m/)
        .and.match(/--publish 127\.0\.0\.1:/);
      expect(unit)
        .to.match(/--user (10001:10001|472:472)/)
        .and.include('--log-driver none');
    }
    expect(scene.sandbox.read('/etc/systemd/journald.conf.d/loki-host.conf')).to.include('SystemMaxUse=');
  });
});
