import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { read } from '../../tools/local/reply.ts';

/** A comment on a request: GitLab calls it a note. */
export interface Comment {
  readonly id: number;
  readonly author: string;
  body: string;
}

/** What the API of a forge has of its own. */
export interface Forge {
  readonly token: string;
  /** Who has the token. */
  readonly author: string;
  /** Of the headers, in lower case, and what it must be. */
  readonly header: readonly [string, string];
  /** Of the request, below the address of the API. */
  readonly comments: string;
  /** Of the labels. */
  readonly labels: string;
  /** Of one comment. */
  readonly comment: (id: string) => string;
  readonly edit: 'PATCH' | 'PUT';
  /** Characters that a comment may have. */
  readonly longest: number;
  readonly labelsAs: (names: readonly string[]) => unknown;
  readonly commentAs: (comment: Comment) => unknown;
}

/** https://docs.github.com/en/rest/issues/comments */
export const GITHUB: Forge = {
  token: 'ghs_token',
  author: 'github-actions[bot]',
  header: ['authorization', 'Bearer ghs_token'],
  comments: '/repos/team/platform/issues/7/comments',
  labels: '/repos/team/platform/issues/7/labels',
  comment: (id) => `/repos/team/platform/issues/comments/${id}`,
  edit: 'PATCH',
  longest: 65_536,
  labelsAs: (names) => names.map((name) => ({ name })),
  commentAs: ({ id, author, body }) => ({ id, body, user: { login: author } }),
};

/** https://docs.gitlab.com/api/notes/#merge-requests */
export const GITLAB: Forge = {
  token: 'glpat-token',
  author: '41',
  header: ['private-token', 'glpat-token'],
  comments: '/projects/12/merge_requests/7/notes',
  labels: '/projects/12/merge_requests/7',
  comment: (id) => `/projects/12/merge_requests/7/notes/${id}`,
  edit: 'PUT',
  longest: 1_000_000,
  labelsAs: (names) => ({ iid: 7, labels: names }),
  commentAs: ({ id, author, body }) => ({ id, body, author: { id: Number(author) } }),
};

/**
 * Stands in for the API of GitHub or GitLab: the comments and labels of one request. It refuses other tokens, other
 * paths and comments that are too long, as they do.
 */
export class FakeApi {
  readonly comments: Comment[] = [];
  readonly labels = new Set<string>();
  /** Methods and paths, without queries, of what was written. */
  readonly writes: string[] = [];
  readonly refusals: string[] = [];
  readonly forge: Forge;
  readonly #server: Server;

  constructor(forge: Forge) {
    this.forge = forge;
    this.#server = createServer((incoming, answer) => void this.#handle(incoming, answer));
  }

  async start(): Promise<void> {
    await once(this.#server.listen(0, '127.0.0.1'), 'listening');
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  /** Comments as by somebody. */
  add(body: string, author = this.forge.author): Comment {
    const comment = { id: 1_000 + this.comments.length, author, body };
    this.comments.push(comment);
    return comment;
  }

  async #handle(incoming: IncomingMessage, answer: ServerResponse): Promise<void> {
    const body = (await read(incoming)).toString();
    const { status, content } = this.#reply(incoming, body);
    if (status >= 400) this.refusals.push(`${incoming.method} ${incoming.url} ${status}`);
    answer.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(content));
  }

  #reply({ method = '', url = '', headers }: IncomingMessage, body: string): Answer {
    const { header, comments, labels, author } = this.forge;
    if (headers[header[0]] !== header[1]) return refusal(401);
    const { pathname, searchParams } = new URL(url, this.url);
    if (method === 'GET' && pathname === labels) return ok(this.forge.labelsAs([...this.labels]));
    if (method === 'GET' && pathname === '/user' && this.forge === GITLAB) return ok({ id: Number(author) });
    if (method === 'GET' && pathname === comments) return ok(this.#page(searchParams));
    return this.#write(method, pathname, body);
  }

  #page(query: URLSearchParams): unknown {
    const [size, page] = [Number(query.get('per_page')), Number(query.get('page'))];
    return this.comments.slice((page - 1) * size, page * size).map(this.forge.commentAs);
  }

  #write(method: string, path: string, text: string): Answer {
    const edited = this.comments.find(({ id }) => path === this.forge.comment(String(id)));
    const known = method === 'POST' ? path === this.forge.comments : method === this.forge.edit && edited;
    if (!known) return refusal(404);
    const { body } = JSON.parse(text);
    if (typeof body !== 'string' || Array.from(body).length > this.forge.longest) return refusal(422);
    this.writes.push(`${method} ${path}`);
    if (edited) edited.body = body;
    return ok(this.forge.commentAs(edited ?? this.add(body)));
  }
}

interface Answer {
  readonly status: number;
  readonly content: unknown;
}

const ok = (content: unknown): Answer => ({ status: 200, content });
const refusal = (status: number): Answer => ({ status, content: { message: 'refused' } });
