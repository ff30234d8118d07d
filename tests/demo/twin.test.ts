import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { parse } from 'yaml';
import { composeOf } from '../../demo/compose.ts';
import { findDocker, startTwin, writeTwin } from '../../demo/twin.ts';
import { containerOf } from '../../demo/units.ts';
import { DASHBOARDS } from '../../modules/loki/dashboards/index.ts';
import { removeFolder, runFolder } from '../../tools/local/folders.ts';
import { hostValues } from '../../tools/local/host-values.ts';
import { hostConfiguration } from '../../tools/local/loki-configuration.ts';
import { VERSIONS } from '../../tools/local/versions.ts';

/** Stands in for Docker: `compose up` starts servers that answer as Loki and Grafana do, `down` ends them. Says what it was asked. */
const DOCKER = `
const { appendFileSync, readFileSync, writeFileSync } = require('node:fs');
const args = process.argv.slice(2);
process.chdir(__dirname);
appendFileSync('asked', args.join(' ') + '\\n');
if (args[0] === 'info') process.exit(process.env.NO_DAEMON ? 1 : 0);
if (args[1] === 'version') process.exit(process.env.NO_COMPOSE ? 1 : 0);
if (args.includes('down')) try { process.kill(Number(readFileSync('pid', 'utf8'))); } catch {}
if (args.includes('up')) {
  if (process.env.NO_IMAGE) { console.error('pulling\\nno such image'); process.exit(125); }
  const { services } = JSON.parse(readFileSync(args[args.indexOf('--file') + 1], 'utf8'));
  const ports = Object.values(services).flatMap(({ ports }) => ports.map((port) => port.split(':')[1]));
  const answer = "(q, a) => { a.statusCode = q.url.endsWith('/push') ? 204 : 200; a.end(JSON.stringify({ data: { result: [{ stream: {}, values: [['1', 'a']] }] } })); }";
  const servers = ports.map((port) => "require('http').createServer(" + answer + ").listen(" + port + ", '127.0.0.1')").join(';');
  const child = require('node:child_process').spawn(process.execPath, ['-e', servers], { detached: true, stdio: 'ignore' });
  writeFileSync('pid', String(child.pid));
  child.unref();
}
`;

describe('The twin of the host', () => {
  let folder: string;
  let docker: string;
  const inherited = { ...process.env };

  beforeEach(() => {
    folder = runFolder();
    docker = join(folder, 'docker');
    writeFileSync(join(folder, 'package.json'), '{"type":"commonjs"}');
    writeFileSync(docker, `#!${process.execPath}\n${DOCKER}`);
    chmodSync(docker, 0o755);
    process.env.PATH = folder;
  });
  afterEach(() => {
    process.env = { ...inherited };
    removeFolder(folder);
  });

  it('finds a Docker that runs, with compose', async () => expect(await findDocker()).to.equal(docker));

  it('finds none without its daemon, without compose, or without its program', async () => {
    process.env.NO_DAEMON = 'yes';
    expect(await findDocker()).to.equal(undefined);
    delete process.env.NO_DAEMON;
    process.env.NO_COMPOSE = 'yes';
    expect(await findDocker()).to.equal(undefined);
    delete process.env.NO_COMPOSE;
    rmSync(docker);
    expect(await findDocker()).to.equal(undefined);
  });

  it('starts, answers, and is gone with its data when its Loki is stopped', async () => {
    const { loki, grafanaUrl } = await startTwin(docker);
    expect((await fetch(`${grafanaUrl}/api/health`)).status).to.equal(200);
    expect((await loki.query('{a="b"}')).map(({ line }) => line)).to.deep.equal(['a']);
    await loki.stop();
    const [up, down] = readFileSync(join(folder, 'asked'), 'utf8').trim().split('\n');
    const project = /^compose --project-name \S+ --file (\S+) up --detach$/.exec(up ?? '')?.[1] ?? '';
    expect(down).to.equal(up?.replace('up --detach', 'down --volumes --timeout 5'));
    expect(existsSync(project)).to.equal(false);
  });

  it("fails with Docker's last words when an image cannot be had, and leaves nothing", async () => {
    process.env.NO_IMAGE = 'yes';
    const error = await startTwin(docker).catch((thrown: Error) => thrown);
    expect(error).to.be.instanceOf(Error).with.property('message', 'no such image');
    expect(readFileSync(join(folder, 'asked'), 'utf8')).to.contain('down --volumes');
  });

  it("runs the host's images, within its limits, with its files", () => {
    const file = writeTwin(folder, { loki: 1, grafana: 2 });
    const { services, volumes } = parse(readFileSync(file, 'utf8'));
    const { loki_memory_mb, loki_heap_mb, grafana_memory_mb } = hostValues();
    expect(services.loki).to.deep.include({
      image: VERSIONS.lokiImage,
      command: ['-config.file=/etc/loki/loki.yaml'],
      mem_limit: `${loki_memory_mb}m`,
      environment: [`GOMEMLIMIT=${loki_heap_mb}MiB`],
      ports: ['127.0.0.1:1:3100'],
      volumes: [`${folder}/loki:/etc/loki:ro`, 'loki:/loki'],
    });
    expect(services.grafana).to.deep.include({
      image: VERSIONS.grafana,
      mem_limit: `${grafana_memory_mb}m`,
      ports: ['127.0.0.1:2:3000'],
    });
    expect(services.grafana.volumes).to.include.members([
      `${folder}/grafana/provisioning:/etc/grafana/provisioning:ro`,
      `${folder}/grafana/dashboards:/var/lib/grafana-dashboards:ro`,
    ]);
    expect(volumes).to.deep.equal({ loki: {}, grafana: {} });
    expect(readFileSync(`${folder}/loki/loki.yaml`, 'utf8')).to.equal(hostConfiguration());
    expect(readdirSync(`${folder}/grafana/dashboards`)).to.have.length(DASHBOARDS.length);
    for (const [, { volumes, env_file = [] }] of Object.entries<{ volumes: string[]; env_file?: string[] }>(services))
      for (const path of [...volumes, ...env_file].map((volume) => volume.split(':', 1).join()))
        expect(path.startsWith('/') ? existsSync(path) : path in { loki: 0, grafana: 0 }, path).to.equal(true);
  });

  it('refuses what it would leave out: an option, a path or a value that it does not know', () => {
    const unit = (command: string) => containerOf(`ExecStart=/usr/bin/docker run ${command}`, 'A="1"');
    const place = { ports: {}, paths: {} };
    expect(unit('--rm --memory ${A}m \\\n  image@sha256:0 -x').options).to.deep.equal({ rm: [], memory: ['1m'] });
    expect(() => composeOf({ a: unit('--gpus all image') }, place)).to.throw(
      'docker run --gpus of a has no counterpart',
    );
    expect(() => composeOf({ a: unit('--volume /etc/x:/x image') }, place)).to.throw('/etc/x has no counterpart');
    expect(() => unit('--memory ${B} image')).to.throw('The unit asks for B');
    expect(() => containerOf('ExecStart=/bin/true', '')).to.throw('no docker run');
  });
});
