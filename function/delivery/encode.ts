import type { LogEvent } from './decode.ts';
import { type Entries, type Metadata, range } from './entries.ts';
import { Snappy } from './snappy.ts';
import { EntryTime } from './timestamps.ts';

/** What the lines of one delivery have in common. */
export interface Stream {
  /** The labels as LogQL writes them: `{a="b", c="d"}`. */
  readonly labels: string;
  /** Structured metadata of each line. */
  readonly metadata: Metadata;
}

/** A part of the entries, as Loki takes it. */
export interface Push {
  readonly entries: Entries;
  /** Compressed, in a buffer of its own. */
  readonly body: Buffer;
}

/** About the size of a push before compression. Loki refuses more than 4 MiB, and clients of its makers send 1 MiB. */
const MAX_PUSH_BYTES = 1024 * 1024;

/** Tags of protobuf fields that hold bytes: field number × 8 + 2. Loki's messages: pkg/push/push.proto. */
const FIELD_1 = 0x0a; // PushRequest.streams, Stream.labels, Entry.timestamp, Pair.name
const FIELD_2 = 0x12; // Stream.entries, Entry.line, Pair.value
const FIELD_3 = 0x1a; // Entry.structuredMetadata
/** Tags of the number fields of google.protobuf.Timestamp: field number × 8. */
const SECONDS = 0x08;
const NANOS = 0x10;

/** The request's only field begins with a tag and the length of all that follows: at most 5 bytes. */
const REQUEST_HEAD = 6;
/** An entry without line and metadata: tag and length (6), timestamp (2 + 1 + 7 + 1 + 5), tag and length of the line (6). */
const ENTRY_HEAD = 28;

let shared: Snappy | undefined;

/**
 * Encodes lines for `POST /loki/api/v1/push`: protobuf messages with one stream each, compressed with snappy.
 *
 * They are written straight into the memory of the compressor, which all generators share: between two pushes nothing
 * of a generator is kept there.
 *
 * @param maxBytes the most bytes of a push before compression; an entry that is larger goes alone
 * @returns pushes in order; none when there are no entries
 */
export function* encodePushes(stream: Stream, entries: Entries, maxBytes: number = MAX_PUSH_BYTES): Generator<Push> {
  shared ??= new Snappy();
  const snappy = shared;
  const labels = textField(FIELD_1, stream.labels);
  const common = metadataFields(stream.metadata);
  const time = new EntryTime();
  const { events, offsets, own } = entries;

  const empty = REQUEST_HEAD + labels.length;
  let end = empty;
  let first = 0;
  for (let i = 0; i < events.length; i++) {
    const event = events[i] as LogEvent;
    const line = event.message;
    const extra = own.size > 0 && own.get(event);
    const metadata = extra ? Buffer.concat([common, metadataFields(extra)]) : common;
    const fixed = ENTRY_HEAD + metadata.length;
    const most = end + fixed + line.length * 3;
    if (end > empty && most > maxBytes && end + fixed + Buffer.byteLength(line) > maxBytes) {
      yield { entries: range(entries, first, i), body: finish(snappy, end) };
      end = empty;
      first = i;
    }
    const memory = snappy.room(most);
    if (end === empty) memory.set(labels, REQUEST_HEAD);
    time.set(event.timestamp, offsets[i] as number);
    end = writeEntry(memory, end, time, line, metadata);
  }
  if (end > empty) {
    const body = finish(snappy, end);
    yield { entries: first === 0 ? entries : range(entries, first, events.length), body };
  }
}

/** Writes the head of the request before what is in the memory, and compresses all of it. */
function finish(snappy: Snappy, end: number): Buffer {
  const length = end - REQUEST_HEAD;
  const start = REQUEST_HEAD - 1 - sizeOfVarint(length);
  const memory = snappy.room(end);
  memory[start] = FIELD_1;
  writeVarint(memory, start + 1, length);
  return snappy.compress(start, end);
}

/** @returns where the entry ends */
function writeEntry(
  memory: Buffer,
  start: number,
  { seconds, nanos }: EntryTime,
  line: string,
  metadata: Buffer,
): number {
  const time = (seconds && 1 + sizeOfVarint(seconds)) + (nanos && 1 + sizeOfVarint(nanos));

  // The line is written first, to where it belongs if it is ASCII: only then its length is known, and so its place.
  const guess = start + entryHead(time, line.length, metadata.length);
  const length = line.length && memory.write(line, guess);
  const at = start + entryHead(time, length, metadata.length);
  if (at !== guess) memory.copyWithin(at, guess, guess + length);

  memory[start] = FIELD_2;
  let i = writeVarint(memory, start + 1, 2 + time + lineHead(length) + length + metadata.length);
  memory[i++] = FIELD_1;
  memory[i++] = time;
  if (seconds) {
    memory[i++] = SECONDS;
    i = writeVarint(memory, i, seconds);
  }
  if (nanos) {
    memory[i++] = NANOS;
    i = writeVarint(memory, i, nanos);
  }
  if (length) {
    memory[i++] = FIELD_2;
    writeVarint(memory, i, length);
  }
  memory.set(metadata, at + length);
  return at + length + metadata.length;
}

/** How many bytes of an entry come before its line. All sizes are in bytes; `time` is that of the timestamp message. */
function entryHead(time: number, line: number, metadata: number): number {
  const before = 2 + time + lineHead(line);
  return 1 + sizeOfVarint(before + line + metadata) + before;
}

/** Tag and length of a line; an empty one is left out, as proto3 does with every default value. */
function lineHead(length: number): number {
  return length && 1 + sizeOfVarint(length);
}

function metadataFields(metadata: Metadata): Buffer {
  return Buffer.concat(metadata.map(([name, value]) => pairField(name, value)));
}

function pairField(name: string, value: string): Buffer {
  return bytesField(FIELD_3, Buffer.concat([textField(FIELD_1, name), textField(FIELD_2, value)]));
}

function textField(tag: number, text: string): Buffer {
  return text === '' ? Buffer.alloc(0) : bytesField(tag, Buffer.from(text));
}

function bytesField(tag: number, bytes: Buffer): Buffer {
  const head = Buffer.alloc(1 + sizeOfVarint(bytes.length));
  head[0] = tag;
  writeVarint(head, 1, bytes.length);
  return Buffer.concat([head, bytes]);
}

/** Bytes of a protobuf varint: seven bits in each. */
function sizeOfVarint(value: number): number {
  if (value < 1 << 14) return value < 1 << 7 ? 1 : 2;
  if (value < 1 << 28) return value < 1 << 21 ? 3 : 4;
  return 4 + sizeOfVarint(Math.floor(value / (1 << 28)));
}

/** @returns where the varint ends */
function writeVarint(memory: Buffer, start: number, value: number): number {
  let i = start;
  let rest = value;
  for (; rest > 0x7fffffff; rest = Math.floor(rest / 0x80)) memory[i++] = (rest % 0x80) | 0x80;
  for (; rest >= 0x80; rest >>= 7) memory[i++] = (rest & 0x7f) | 0x80;
  memory[i++] = rest;
  return i;
}
