import type { Reply } from './reply.ts';

interface Event {
  readonly timestamp: number;
  readonly message: string;
}

/** Of FilterLogEvents: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html */
const MAX_EVENTS = 10_000;
const MAX_BYTES = 1024 * 1024;

/**
 * Answers FilterLogEvents page by page: MiniStack gives the first lines, whatever size they have, and no token for the
 * others. Ours says from which millisecond on to look, and how many of its lines were given.
 */
export async function filterLogEvents(body: Buffer, forward: (body: Buffer) => Promise<Reply>): Promise<Reply> {
  const { nextToken, limit = MAX_EVENTS, ...query } = JSON.parse(body.toString());
  const [time, given] = String(nextToken ?? ':0').split(':');
  const all = { ...query, ...(time && { startTime: Number(time) }), limit: MAX_EVENTS };
  const reply = await forward(Buffer.from(JSON.stringify(all)));
  if (reply.status !== 200) return reply;

  const answer: { readonly events: readonly Event[] } = JSON.parse(reply.body.toString());
  const end = endOfPage(answer.events, Number(given), limit);
  const events = answer.events.slice(Number(given), end);
  const last = events.at(-1);
  const isMore = last && (end < answer.events.length || answer.events.length === MAX_EVENTS);
  const token = isMore && `${last.timestamp}:${countOf(answer.events.slice(0, end), last.timestamp)}`;
  return {
    ...reply,
    body: Buffer.from(JSON.stringify({ ...answer, events, ...(token && { nextToken: token }) })),
  };
}

function endOfPage(events: readonly Event[], start: number, limit: number): number {
  let bytes = 0;
  let end = start;
  while (end < events.length && end < start + limit) {
    bytes += Buffer.byteLength(events[end]?.message ?? '');
    if (bytes > MAX_BYTES && end > start) break;
    end++;
  }
  return end;
}

function countOf(events: readonly Event[], time: number): number {
  return events.filter(({ timestamp }) => timestamp === time).length;
}
