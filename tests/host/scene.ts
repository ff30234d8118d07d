import { orSkip } from '../support/parts.ts';
import { type ConfigurationProps, configuration, upload } from './configuration.ts';
import { type FakeGrafana, startFakeGrafana } from './fake-grafana.ts';
import { Sandbox } from './sandbox.ts';
import { Volume } from './volume.ts';

/** The least that mkfs.xfs takes is 300 MiB. */
const VOLUME_MB = 320;

/** For each test of a suite: a host that has its user data, a blank volume, and no configuration yet. */
export interface Scene {
  readonly sandbox: Sandbox;
  readonly volume: Volume;
  /** Where Loki is on this machine, if there is one. */
  lokiPort?: number;
  upload(props?: ConfigurationProps, to?: Sandbox): void;
  /** Uploads the configuration, and has the host (or another one) fetch and apply it. @returns the exit status */
  apply(props?: ConfigurationProps, on?: Sandbox): Promise<number>;
  /** The boot report. */
  report(): string;
}

export function useScene(): Scene {
  let grafana: FakeGrafana;
  let started: { readonly sandbox: Sandbox; readonly volume: Volume } | undefined;
  before(async () => {
    grafana = await startFakeGrafana();
  });
  after(() => grafana.stop());
  beforeEach(async function () {
    this.timeout(20_000);
    const sandbox = await orSkip(this, () => Sandbox.start());
    const volume = await Volume.make(sandbox.folder, VOLUME_MB);
    await sandbox.attach(volume);
    started = { sandbox, volume };
  });
  afterEach(async () => {
    await started?.sandbox.stop();
    await started?.volume.release();
    started = undefined;
  });

  const there = () => {
    if (!started) throw new Error('There is a scene in tests only.');
    return started;
  };
  const scene: Scene = {
    get sandbox() {
      return there().sandbox;
    },
    get volume() {
      return there().volume;
    },
    upload(props = {}, to = there().sandbox) {
      const ports = { grafana: grafana.port, ...(scene.lokiPort && { loki: scene.lokiPort }), ...props.ports };
      upload(to, configuration({ ...props, ports }));
    },
    async apply(props, on = there().sandbox) {
      scene.upload(props, on);
      return (await on.tick()).status;
    },
    report() {
      return there().sandbox.read('/var/log/loki-host/boot-report');
    },
  };
  return scene;
}

/** Of calls, those that change something. */
export function changes(calls: readonly string[]): readonly string[] {
  const reads =
    /^(rpm|sleep|nginx -t|swapon --show|systemctl is-|docker \w+ inspect|aws s3 cp|aws secretsmanager get-secret-value|aws cloudwatch put-metric-data)\b/;
  return calls.filter((call) => !reads.test(call));
}
