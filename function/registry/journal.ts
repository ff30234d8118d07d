import { type Objects, StorageFailed } from '../aws/objects.ts';
import { encodeIntents, INTENTS_OF_RUNS, type Intent } from './intents.ts';
import { encodeState, STATE_KEY, type State } from './state.ts';

export interface JournalProps {
  readonly objects: Pick<Objects, 'put' | 'remove'>;
  readonly state: State;
  /** Names this run's intents. */
  readonly requestId: string;
  /** Keys of intents that are in the state already. */
  readonly intents: readonly string[];
}

/** Keeps the state of a run in the bucket, and before it what the run is about to write. */
export class Journal {
  readonly #props: JournalProps;
  #intents: readonly string[];
  #count = 0;

  constructor(props: JournalProps) {
    this.#props = props;
    this.#intents = props.intents;
  }

  /** @throws StorageFailed */
  readonly announce = async (intents: ReadonlyMap<string, Intent>): Promise<void> => {
    const { objects, requestId } = this.#props;
    const key = `${INTENTS_OF_RUNS}${requestId}-${this.#count++}.json`;
    await objects.put(key, encodeIntents(intents), { contentType: 'application/json' });
    this.#intents = [...this.#intents, key];
  };

  /** Writes the state, and removes the intents that it has in it. @throws StorageFailed */
  readonly save = async (): Promise<void> => {
    const { objects, state } = this.#props;
    await objects.put(STATE_KEY, encodeState(state), { contentType: 'application/json', contentEncoding: 'gzip' });
    while (this.#intents[0] !== undefined && (await this.#removed(this.#intents[0])))
      this.#intents = this.#intents.slice(1);
  };

  /** One that stays is taken into the state once more, which changes nothing. */
  async #removed(key: string): Promise<boolean> {
    try {
      await this.#props.objects.remove(key);
      return true;
    } catch (error) {
      if (error instanceof StorageFailed) return false;
      throw error;
    }
  }
}
