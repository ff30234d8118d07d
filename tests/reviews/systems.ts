import { type Forge, GITHUB, GITLAB } from './fake-api.ts';
import { type Outcome, runPipeline, runWorkflow, type Surroundings } from './runners.ts';

/** Where reviews run. */
interface System {
  readonly name: string;
  readonly forge: Forge;
  readonly run: (surroundings: Surroundings) => Promise<Outcome>;
}

export const SYSTEMS: readonly System[] = [
  { name: 'GitHub Actions', forge: GITHUB, run: runWorkflow },
  { name: 'GitLab CI', forge: GITLAB, run: runPipeline },
];
