package dev.fixpoint.onnx;

import java.util.Arrays;
import java.util.SplittableRandom;

/** Damage to a file as transport, bad writers and attackers do it. */
final class Mutation {
  private Mutation() {}

  /** A damaged copy: flipped bits, a cut, changed lengths, moved, doubled or lost bytes. */
  static byte[] of(byte[] file, SplittableRandom random) {
    byte[] bytes = file.clone();
    int rounds = 1 + random.nextInt(4);
    for (int i = 0; i < rounds; i++) {
      bytes =
          switch (random.nextInt(7)) {
            case 0 -> flipped(bytes, random);
            case 1 -> Arrays.copyOf(bytes, random.nextInt(bytes.length) + 1);
            case 2 -> withHugeNumber(bytes, random);
            case 3 -> withNumberChanged(bytes, random);
            case 4 -> withPieceRepeated(bytes, random);
            case 5 -> withPieceLost(bytes, random);
            default -> withPieceCopied(bytes, random);
          };
    }
    return bytes;
  }

  /** Structure stands mostly at the ends of a file, weights in its middle. */
  private static int position(byte[] bytes, SplittableRandom random) {
    int near = Math.min(bytes.length, 4096);
    return switch (random.nextInt(3)) {
      case 0 -> random.nextInt(near);
      case 1 -> bytes.length - 1 - random.nextInt(near);
      default -> random.nextInt(bytes.length);
    };
  }

  private static byte[] flipped(byte[] bytes, SplittableRandom random) {
    int flips = 1 + random.nextInt(8);
    for (int i = 0; i < flips; i++) {
      bytes[position(bytes, random)] ^= (byte) (1 << random.nextInt(8));
    }
    return bytes;
  }

  private static byte[] withHugeNumber(byte[] bytes, SplittableRandom random) {
    int at = position(bytes, random);
    int length = Math.min(1 + random.nextInt(10), bytes.length - at);
    Arrays.fill(bytes, at, at + length, (byte) 0xff);
    bytes[at + length - 1] = (byte) random.nextInt(0x80);
    return bytes;
  }

  private static byte[] withNumberChanged(byte[] bytes, SplittableRandom random) {
    bytes[position(bytes, random)] += (byte) (random.nextInt(9) - 4);
    return bytes;
  }

  private static byte[] withPieceRepeated(byte[] bytes, SplittableRandom random) {
    int at = position(bytes, random);
    int length = Math.min(1 + random.nextInt(256), bytes.length - at);
    byte[] longer = Arrays.copyOf(bytes, bytes.length + length);
    System.arraycopy(bytes, at, longer, at + length, bytes.length - at);
    return longer;
  }

  private static byte[] withPieceLost(byte[] bytes, SplittableRandom random) {
    int at = position(bytes, random);
    int length = Math.min(1 + random.nextInt(256), bytes.length - at - 1);
    byte[] shorter = Arrays.copyOf(bytes, bytes.length - length);
    System.arraycopy(bytes, at + length, shorter, at, bytes.length - at - length);
    return shorter;
  }

  private static byte[] withPieceCopied(byte[] bytes, SplittableRandom random) {
    int from = position(bytes, random);
    int to = position(bytes, random);
    int length = Math.min(1 + random.nextInt(64), bytes.length - Math.max(from, to));
    System.arraycopy(bytes, from, bytes, to, length);
    return bytes;
  }
}
