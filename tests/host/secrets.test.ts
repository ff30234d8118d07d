import { expect } from 'chai';
import { run } from '../../tools/local/commands.ts';
import { changes, useScene } from './scene.ts';
import { VALUES } from './values.ts';

const PUSH = `/stand-ins/secrets/${VALUES.push_secret_arn}`;
const ADMIN = `/stand-ins/secrets/${VALUES.grafana_admin_secret_arn}`;
const KEY = `/stand-ins/secrets/${VALUES.grafana_secret_key_arn}`;
const HTPASSWD = '/etc/loki-host/push.htpasswd';
const FILES = '/var/lib/loki-host/secrets/grafana';

describe('Secrets of the host', function () {
  this.timeout(60_000);
  const scene = useScene();

  /** Whether nginx would let somebody in, as the C library's `crypt` has it. */
  async function letsIn(user: string, password: string): Promise<boolean> {
    const [name, hash = ''] = scene.sandbox.read(HTPASSWD).trim().split(':');
    const salt = hash.split('$')[2] ?? '';
    const hashed = await scene.sandbox.output('openssl', 'passwd', '-apr1', '-salt', salt, password);
    return name === user && hashed === hash;
  }

  const puts = (calls: readonly string[]) => calls.filter((call) => call.includes('put-secret-value'));

  it('are made where there are none, once', async () => {
    await scene.apply();
    expect(puts(scene.sandbox.calls())).to.have.length(3);
    const values = [PUSH, ADMIN, KEY].map((secret) => scene.sandbox.read(secret));
    expect(new Set(values).size).to.equal(3);
    expect(JSON.parse(values[0] ?? '')).to.have.keys('username', 'password');
    for (const value of values) expect(value).to.match(/[\da-f]{64}/);
    await scene.sandbox.tick();
    expect(puts(scene.sandbox.calls())).to.deep.equal([]);
    expect([PUSH, ADMIN, KEY].map((secret) => scene.sandbox.read(secret))).to.deep.equal(values);
  });

  it('reach who needs them, and nobody else', async () => {
    await scene.apply();
    const { username, password } = JSON.parse(scene.sandbox.read(PUSH));
    expect(await letsIn(username, password)).to.equal(true);
    expect(await letsIn(username, 'another')).to.equal(false);
    const admin = scene.sandbox.read(ADMIN).trim();
    expect(scene.sandbox.read(`${FILES}/admin-password`)).to.equal(admin);
    expect(scene.sandbox.read('/stand-ins/state/grafana-password')).to.equal(admin);
    expect(scene.sandbox.read(`${FILES}/secret-key`)).to.equal(scene.sandbox.read(KEY).trim());
    const list = ['stat', '--format', '%u:%g %a', HTPASSWD, FILES, `${FILES}/admin-password`, `${FILES}/secret-key`];
    expect(await scene.sandbox.output(...list)).to.equal('0:989 640\n472:472 500\n472:472 400\n472:472 400');
    const said = `${scene.sandbox.calls().join()}${scene.report()}`;
    for (const secret of [password, admin]) expect(said).not.to.include(secret);
    expect(await scene.sandbox.output('bash', '-c', 'ls -A /tmp')).to.equal('');
  });

  it('are put under one token each, so that of two instances one wins', async () => {
    await scene.apply();
    const tokens = () => puts(scene.sandbox.calls()).map((call) => /--client-request-token (\S+)/.exec(call)?.[1]);
    const first = tokens();
    expect(new Set(first).size).to.equal(3);
    for (const secret of [PUSH, ADMIN, KEY]) scene.sandbox.remove(secret);
    scene.sandbox.remove('/stand-ins/state/tokens');
    await scene.sandbox.tick();
    expect(tokens()).to.deep.equal(first);
  });

  it('are those of the other instance when it came first', async () => {
    // It puts its value between our look and our put.
    scene.sandbox.write('/stand-ins/before-put', `printf '{"username":"loki","password":"theirs"}' >"${PUSH}"`);
    expect(await scene.apply(), scene.report()).to.equal(0);
    expect(JSON.parse(scene.sandbox.read(PUSH))).to.deep.equal({ username: 'loki', password: 'theirs' });
    expect(await letsIn('loki', 'theirs')).to.equal(true);
  });

  it('are never made when it is not known whether there are some', async () => {
    scene.sandbox.failing('get-secret-value', 'An error occurred (AccessDeniedException): not authorized');
    expect(await scene.apply()).to.equal(2);
    expect(scene.report()).to.match(/FAILED {3}secrets: the secret \S+push-AbCdEf cannot be read: .*AccessDenied/);
    expect(puts(scene.sandbox.calls())).to.deep.equal([]);
  });

  it('that cannot be put are reported', async () => {
    scene.sandbox.failing('put-secret-value', 'An error occurred (AccessDeniedException): not authorized to put');
    expect(await scene.apply()).to.equal(2);
    expect(scene.report()).to.match(/FAILED {3}secrets: the secret \S+ gets no value: .*not authorized to put/);
  });

  it('that were changed reach nginx, which needs no reload for it', async () => {
    await scene.apply();
    scene.sandbox.calls();
    scene.sandbox.write(PUSH, JSON.stringify({ username: 'shipper', password: 'pass"word $1' }));
    expect((await scene.sandbox.tick()).status).to.equal(0);
    expect(await letsIn('shipper', 'pass"word $1')).to.equal(true);
    expect(changes(scene.sandbox.calls())).to.deep.equal([]);
  });

  it('that were changed reach Grafana, which is not restarted for it', async () => {
    await scene.apply();
    scene.sandbox.calls();
    scene.sandbox.write(ADMIN, 'another password');
    expect((await scene.sandbox.tick()).status).to.equal(0);
    expect(scene.sandbox.read('/stand-ins/state/grafana-password')).to.equal('another password');
    expect(changes(scene.sandbox.calls())).to.deep.equal([
      'docker exec --interactive grafana grafana cli admin reset-admin-password --password-from-stdin',
    ]);
  });

  it('that Grafana did not take are tried again', async () => {
    await scene.apply();
    scene.sandbox.write(ADMIN, 'another password');
    scene.sandbox.failing('^docker exec');
    expect((await scene.sandbox.tick()).status).to.equal(2);
    scene.sandbox.failing();
    expect((await scene.sandbox.tick()).status).to.equal(0);
    expect(scene.sandbox.read('/stand-ins/state/grafana-password')).to.equal('another password');
  });

  it('restart Grafana when its key was changed, which it reads at its start', async () => {
    await scene.apply();
    scene.sandbox.calls();
    scene.sandbox.write(KEY, 'another key');
    await scene.sandbox.tick();
    expect(changes(scene.sandbox.calls())).to.deep.equal(['systemctl restart grafana']);
  });

  for (const [what, value] of [
    ['no JSON', 'secret'],
    ['no password', '{"username":"loki"}'],
    ['a name with a colon', '{"username":"lo:ki","password":"p"}'],
    ['a password of two lines', '{"username":"loki","password":"p\\nq"}'],
  ] as const)
    it(`are not taken with ${what}: the one before stays`, async () => {
      await scene.apply();
      const before = scene.sandbox.read(HTPASSWD);
      scene.sandbox.write(PUSH, value);
      expect((await scene.sandbox.tick()).status).to.equal(2);
      expect(scene.report()).to.match(
        /FAILED {3}secrets: the secret \S+push-AbCdEf is not as it should be\n.*put JSON/,
      );
      expect(scene.sandbox.read(HTPASSWD)).to.equal(before);
    });
});

describe('The certificate of the host', function () {
  this.timeout(60_000);
  const scene = useScene();
  const props = { values: { certificate_secret_arn: 'certificate' } };

  /** A new one, in PEM. */
  async function certificate(): Promise<{ certificate: string; key: string }> {
    const { stdout } = await run('openssl', [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1'],
      ...['-subj', '/CN=logs.example.com', '-keyout', '-', '-out', '-'],
    ]);
    const [key = '', text = ''] = stdout.match(/-----BEGIN [\s\S]*?-----END [A-Z ]+-----/g) ?? [];
    return { certificate: text, key };
  }

  const put = (secret: object) => scene.sandbox.write('/stand-ins/secrets/certificate', JSON.stringify(secret));
  const tls = () => ['crt', 'key'].map((end) => scene.sandbox.read(`/etc/loki-host/tls.${end}`).trim());

  it('reaches nginx, and a renewed one has it reload', async () => {
    const [first, second] = [await certificate(), await certificate()];
    put(first);
    expect(await scene.apply(props), scene.report()).to.equal(0);
    expect(tls()).to.deep.equal([first.certificate, first.key]);
    expect(await scene.sandbox.output('stat', '--format', '%U %a', '/etc/loki-host/tls.key')).to.equal('root 600');
    scene.sandbox.calls();
    put(second);
    await scene.sandbox.tick();
    expect(tls()).to.deep.equal([second.certificate, second.key]);
    expect(changes(scene.sandbox.calls())).to.deep.equal(['systemctl reload nginx']);
  });

  it('stays when the new one is not whole', async () => {
    const [first, second] = [await certificate(), await certificate()];
    put(first);
    await scene.apply(props);
    scene.sandbox.calls();
    for (const [secret, reason] of [
      [{ ...second, key: first.key }, 'is not that of the certificate'],
      [{ ...second, certificate: 'x' }, 'holds no certificate'],
      [{ ...second, key: '' }, 'holds no key'],
      [[second], 'holds no certificate'],
    ] as const) {
      put(secret);
      expect((await scene.sandbox.tick()).status).to.equal(2);
      expect(scene.report())
        .to.match(/FAILED {3}certificate: /)
        .and.include(reason);
      expect(tls()).to.deep.equal([first.certificate, first.key]);
    }
    expect(changes(scene.sandbox.calls())).to.deep.equal([]);
  });
});
