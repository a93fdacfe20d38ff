package dev.fixpoint.onnx.internal;

import dev.fixpoint.onnx.internal.proto.StringStringEntryProto;
import dev.fixpoint.onnx.internal.proto.TensorProto;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * The file beside a model that takes its large tensors: where each goes, then the bytes themselves.
 */
final class DataFile {
  /** Smaller tensors stay in the model. */
  private static final long MIN_BYTES = 1024;

  // Of memory pages, so that a reader can map a tensor by itself.
  private static final long ALIGNMENT = 4096;
  private static final long CHUNK = 64L << 20;

  private final String location;
  private final List<MemorySegment> segments = new ArrayList<>();
  private final List<Long> offsets = new ArrayList<>();
  private long end;

  /** A file of the given name, in the folder of the model. */
  DataFile(String location) {
    this.location = location;
  }

  /** The proto of a tensor: large ones point into this file. */
  TensorProto encode(String name, Tensor tensor) {
    if (tensor.elementType() == ElementType.STRING || tensor.data().byteSize() < MIN_BYTES) {
      return TensorEncoder.encode(name, tensor);
    }
    long offset = Math.ceilDiv(end, ALIGNMENT) * ALIGNMENT;
    long length = tensor.data().byteSize();
    segments.add(tensor.data());
    offsets.add(offset);
    end = offset + length;
    return TensorEncoder.head(name, tensor)
        .setDataLocation(TensorProto.DataLocation.EXTERNAL)
        .addExternalData(entry("location", location))
        .addExternalData(entry("offset", Long.toString(offset)))
        .addExternalData(entry("length", Long.toString(length)))
        .build();
  }

  private static StringStringEntryProto entry(String key, String value) {
    return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
  }

  /** Writes all tensors, piece by piece, to a new file. */
  void writeTo(Path file) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
      for (int i = 0; i < segments.size(); i++) {
        MemorySegment segment = segments.get(i);
        for (long at = 0; at < segment.byteSize(); at += CHUNK) {
          long size = Math.min(CHUNK, segment.byteSize() - at);
          ByteBuffer piece = segment.asSlice(at, size).asByteBuffer();
          long target = offsets.get(i) + at;
          while (piece.hasRemaining()) {
            target += channel.write(piece, target);
          }
        }
      }
      channel.force(false);
    }
  }
}
