/** Who a job is, in the words of its system: https://docs.github.com/en/actions/reference/security/oidc, https://docs.gitlab.com/ci/secrets/id_token_authentication/ */
export interface Claims {
  readonly iss: string;
  readonly sub: string;
  readonly aud?: string;
}

export const GITHUB_JOB: Claims = {
  iss: 'https://token.actions.githubusercontent.com',
  sub: 'repo:team/platform:pull_request',
};
export const GITLAB_JOB: Claims = {
  iss: 'https://git.example.com',
  sub: 'project_path:team/platform:ref_type:branch:ref:a-change',
};

/** A token for AWS. Nobody signs it: the emulator looks at what it claims. */
export function tokenOf(claims: Claims): string {
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
  return `${encode({ alg: 'RS256', typ: 'JWT' })}.${encode({ aud: 'sts.amazonaws.com', ...claims })}.c2lnbmF0dXJl`;
}
