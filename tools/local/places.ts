import type { IncomingMessage } from 'node:http';
import { GetAccessKeyInfoCommand, STSClient } from '@aws-sdk/client-sts';
import { ACCOUNT, clientConfig, type Place, REGION } from './account.ts';
import { credentialOf, isAccount } from './call.ts';

/** Tells in which account and region a call is made. */
export class Places {
  readonly #sts: STSClient;
  readonly #accounts = new Map<string, Promise<string>>();

  /** @param endpoint of MiniStack */
  constructor(endpoint: string) {
    this.#sts = new STSClient(clientConfig(endpoint));
  }

  async of(incoming: IncomingMessage): Promise<Place> {
    const { accessKey, region } = credentialOf(incoming);
    return { account: await this.#accountOf(accessKey), region: region || REGION };
  }

  /** The session of a role is of the account that the role is of. */
  #accountOf(accessKey: string): Promise<string> {
    if (isAccount(accessKey) || accessKey === '') return Promise.resolve(accessKey || ACCOUNT);
    const known = this.#accounts.get(accessKey);
    if (known) return known;
    const asked = this.#sts.send(new GetAccessKeyInfoCommand({ AccessKeyId: accessKey })).then(
      ({ Account }) => Account || ACCOUNT,
      () => ACCOUNT,
    );
    this.#accounts.set(accessKey, asked);
    return asked;
  }
}

/** What is kept apart for each account and region. */
export class ByPlace<T> {
  readonly #made = new Map<string, T>();
  readonly #make: (place: Place) => T;

  constructor(make: (place: Place) => T) {
    this.#make = make;
  }

  at(place: Place): T {
    const key = `${place.account}/${place.region}`;
    const made = this.#made.get(key) ?? this.#make(place);
    this.#made.set(key, made);
    return made;
  }
}
