// AssemblyScript: compresses to the raw block format of snappy, byte for byte as its reference does.
// Format: https://github.com/google/snappy/blob/main/format_description.txt
// Input and output lie in this module's memory, from `workspace` on. Both may be touched up to 16 bytes past their ends.

const BLOCK: usize = 1 << 16; // copies reach back inside a block only, so that positions fit 16 bits
const MARGIN: usize = 15; // the last bytes of a block are never searched: an 8-byte load must stay inside
const TABLE_BITS: u32 = 14;
const TABLE: usize = memory.data(1 << (TABLE_BITS + 1), 16); // hash of 4 bytes → their last position in the block (u16)

export const workspace: usize = __heap_base;

/** Compresses `length` bytes at `input` to `output` (room for 32 + length + length / 6 bytes) and returns the size. */
export function compress(input: usize, length: usize, output: usize): usize {
  let out = output;
  let rest = length;
  for (; rest >= 0x80; rest >>= 7) store<u8>(out++, <u8>(rest | 0x80));
  store<u8>(out++, <u8>rest);
  const end = input + length;
  for (let start = input; start < end; start += BLOCK) {
    out = block(start, min(start + BLOCK, end), out);
  }
  return out - output;
}

function block(start: usize, end: usize, output: usize): usize {
  if (end - start < MARGIN + 2) return literal(start, end, output);

  let bits: u32 = 8;
  while (bits < TABLE_BITS && ((<usize>1) << bits) < end - start) bits++;
  const shift = 32 - bits;
  memory.fill(TABLE, 0, (<usize>2) << bits);

  let out = output;
  let unwritten = start;
  const limit = end - MARGIN;
  let here = start + 1;
  let slot = hash(load<u32>(here), shift);
  while (true) {
    // Looks for 4 bytes that occurred before; the longer nothing is found, the larger the steps.
    let skip: usize = 32;
    let next = here;
    let found: usize;
    do {
      here = next;
      const step = skip >> 5;
      next = here + step;
      skip += step;
      if (next > limit) return literal(unwritten, end, out);
      found = start + load<u16>(slot);
      store<u16>(slot, <u16>(here - start));
      slot = hash(load<u32>(next), shift);
    } while (load<u32>(here) != load<u32>(found));

    out = literal(unwritten, here, out);
    let bytes: u64;
    do {
      const matched = here;
      here = mismatch(here + 4, found + 4, end);
      out = copy(matched - found, here - matched, out);
      unwritten = here;
      if (here >= limit) return literal(unwritten, end, out);
      // Often another match follows directly.
      bytes = load<u64>(here - 1);
      store<u16>(hash(<u32>bytes, shift), <u16>(here - 1 - start));
      bytes >>= 8;
      slot = hash(<u32>bytes, shift);
      found = start + load<u16>(slot);
      store<u16>(slot, <u16>(here - start));
    } while (<u32>bytes == load<u32>(found));
    slot = hash(<u32>(bytes >> 8), shift);
    here++;
  }
}

// @ts-ignore: decorator
@inline
function hash(bytes: u32, shift: u32): usize {
  return TABLE + ((<usize>((bytes * 0x1e35a7bd) >> shift)) << 1);
}

/** The first position from `here` on whose byte is not the one at the same distance from `before`. */
function mismatch(here: usize, before: usize, end: usize): usize {
  for (; here + 16 <= end; here += 16, before += 16) {
    const equal = i8x16.bitmask(i8x16.eq(v128.load(here), v128.load(before)));
    if (equal != 0xffff) return here + ctz(~equal);
  }
  while (here < end && load<u8>(here) == load<u8>(before)) {
    here++;
    before++;
  }
  return here;
}

function literal(from: usize, to: usize, out: usize): usize {
  const length = to - from;
  if (length == 0) return out;
  const n = length - 1;
  if (n < 60) {
    store<u8>(out++, <u8>(n << 2));
  } else if (n < 256) {
    store<u8>(out, 60 << 2);
    store<u8>(out + 1, <u8>n);
    out += 2;
  } else {
    store<u8>(out, 61 << 2);
    store<u16>(out + 1, <u16>n);
    out += 3;
  }
  if (length <= 16) v128.store(out, v128.load(from));
  else memory.copy(out, from, length);
  return out + length;
}

function copy(offset: usize, length: usize, out: usize): usize {
  for (; length >= 68; length -= 64) out = longCopy(offset, 64, out);
  if (length > 64) {
    out = longCopy(offset, 60, out);
    length -= 60;
  }
  if (length > 11 || offset > 2047) return longCopy(offset, length, out);
  store<u8>(out, <u8>(1 | ((length - 4) << 2) | ((offset >> 8) << 5)));
  store<u8>(out + 1, <u8>offset);
  return out + 2;
}

// @ts-ignore: decorator
@inline
function longCopy(offset: usize, length: usize, out: usize): usize {
  store<u8>(out, <u8>(2 | ((length - 1) << 2)));
  store<u16>(out + 1, <u16>offset);
  return out + 3;
}
