import { clientConfig } from './account.ts';
import { Gateway } from './gateway.ts';
import { startMinistack } from './ministack.ts';
import { freePort } from './service.ts';

/** An AWS on this machine: MiniStack behind the gateway. */
export interface Aws {
  readonly endpoint: string;
  readonly gateway: Gateway;
  /** For SDK clients: settings of the account's root. */
  readonly client: ReturnType<typeof clientConfig>;
  stop(): Promise<void>;
}

/**
 * @param ministack the program
 * @param folder for what it writes
 * @param now milliseconds by which the gateway keeps quotas. Default: those that pass
 */
export async function startAws(ministack: string, folder: string, now?: () => number): Promise<Aws> {
  const [port, upstream] = [await freePort(), await freePort()];
  const endpoint = `http://127.0.0.1:${port}`;
  const gateway = await Gateway.start(port, upstream, now);
  try {
    const emulator = await startMinistack(ministack, upstream, endpoint, folder);
    const stop = async () => {
      await Promise.all([gateway.stop(), emulator.stop()]);
    };
    return { endpoint, gateway, client: clientConfig(endpoint), stop };
  } catch (error) {
    await gateway.stop();
    throw error;
  }
}
