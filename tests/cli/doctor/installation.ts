import type { FunctionState, Functions } from '../../../cli/aws/functions.ts';
import type { LineToWrite, LogGroups } from '../../../cli/aws/log-groups.ts';
import type { HistoryEvent, HistoryQuery } from '../../../cli/aws/log-history.ts';
import { InvocationFailed } from '../../../function/aws/invoke.ts';
import type { CheckResult } from '../../../function/check.ts';
import type { StatusPage } from '../../../function/registry/answers.ts';
import { VERSION } from '../../../function/version.ts';
import { ENVIRONMENT } from '../../support/environment.ts';
import { ScriptedSurroundings } from '../scripted-surroundings.ts';
import { group, NOW, statusPage } from '../status/registrar.ts';

const SHIPPER: FunctionState = {
  state: 'Active',
  stateReason: null,
  lastUpdate: 'Successful',
  lastUpdateReason: null,
  runtime: 'nodejs22.x',
  timeoutSeconds: 60,
  memoryMb: 256,
  environment: {
    ...ENVIRONMENT,
    LOKI_URL: 'https://loki.example.com',
    LABEL_POLICY: JSON.stringify({ from_tags: [], static: {}, refresh_seconds: 300 }),
  },
};

const REGISTRAR: FunctionState = {
  ...SHIPPER,
  timeoutSeconds: 900,
  environment: { BUCKET: ENVIRONMENT.BUCKET, SHIPPER_FUNCTION: 'loki-shipper-shipper', SHIPPER_TIMEOUT: '60' },
};

/** An installation with which all is well, until a test changes that. What throws, must not be called. */
export class Installation extends ScriptedSurroundings {
  status: () => StatusPage = () =>
    statusPage([group('/ecs/orders'), group('/ecs/errors', { filterPattern: 'ERROR' }), group('/aws/lambda/a')]);
  check: () => unknown = () => this.checked();
  readonly states = { shipper: SHIPPER, registrar: REGISTRAR };
  reserved: () => number | null = () => null;
  isAllowed: () => boolean = () => true;
  destination: () => string | null = () => 'arn:aws:s3:::a-bucket';
  retentionOf: (logGroup: string) => number | null = () => 30;
  override env: NodeJS.ProcessEnv = {};
  readonly lines: LineToWrite[] = [];
  /** What the shipper's log has. */
  log: (query: HistoryQuery) => readonly string[] = () => [];

  constructor(isTTY = false) {
    super([], isTTY);
  }

  /** What the shipper finds. */
  checked(loki: Partial<CheckResult['loki']> = {}, rest: Partial<CheckResult> = {}): CheckResult {
    const well = { error: null, ms: 12 };
    return {
      version: VERSION,
      now: this.now(),
      loki: { ...well, host: 'loki.example.com', status: 422, clockSkewMs: -200, ...loki },
      tags: well,
      bucket: well,
      catalogue: { ...well, groups: 3 },
      ...rest,
    };
  }

  override readonly connect = () => async (functionName: string, payload: unknown) => {
    this.calls.push({ functionName, payload });
    if (functionName === 'loki-shipper-registrar') return this.status();
    if (functionName === 'loki-shipper-shipper') return this.check();
    throw new InvocationFailed(functionName, 'ResourceNotFoundException');
  };

  override readonly functions = (): Functions => ({
    state: async (name) => (name === 'loki-shipper-shipper' ? this.states.shipper : this.states.registrar),
    reservedConcurrency: async () => this.reserved(),
    isAllowedToLogs: async () => this.isAllowed(),
    onFailure: async () => this.destination(),
  });

  override readonly logGroups = (): LogGroups => ({
    retentions: async (names) => new Map(names.map((name) => [name, this.retentionOf(name)])),
    write: async (line) => {
      this.lines.push(line);
    },
  });

  override readonly history = () => ({
    page: async (query: HistoryQuery) => ({
      events: this.log(query).map(
        (message, i): HistoryEvent => ({ id: `${i}`, timestamp: NOW, message, logStream: 'a' }),
      ),
      next: undefined,
    }),
    filters: async () => [],
  });
}
