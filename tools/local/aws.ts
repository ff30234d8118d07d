import { clientConfig } from './account.ts';
import { Gateway } from './gateway.ts';
import { startMinistack } from './ministack.ts';
import { startMoto } from './moto.ts';
import { freePort } from './service.ts';

/** The programs that an AWS on this machine is made of. */
export interface Emulators {
  readonly ministack: string;
  /**
   * Answers for EC2, public parameters and alarms.
   * @default - MiniStack does
   */
  readonly moto?: string | undefined;
}

/** An AWS on this machine: MiniStack, and moto if it is asked for, behind the gateway. */
export interface Aws {
  readonly endpoint: string;
  readonly gateway: Gateway;
  /** For SDK clients: settings of the account's root. */
  readonly client: ReturnType<typeof clientConfig>;
  stop(): Promise<void>;
}

/**
 * @param folder for what it writes
 * @param now milliseconds by which the gateway keeps quotas. Default: those that pass
 */
export async function startAws({ ministack, moto }: Emulators, folder: string, now?: () => number): Promise<Aws> {
  const [port, upstream, motoPort] = [await freePort(), await freePort(), moto && (await freePort())];
  const endpoint = `http://127.0.0.1:${port}`;
  const gateway = await Gateway.start(port, upstream, { moto: motoPort || undefined, now });
  const starting = [
    startMinistack(ministack, upstream, endpoint, folder),
    ...(moto && motoPort ? [startMoto(moto, motoPort, folder)] : []),
  ];
  const stop = async () => {
    const started = await Promise.allSettled(starting);
    await Promise.all([gateway.stop(), ...started.map((part) => part.status === 'fulfilled' && part.value.stop())]);
  };
  try {
    await Promise.all(starting);
    return { endpoint, gateway, client: clientConfig(endpoint), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
