package dev.fixpoint.onnx.internal;

import dev.fixpoint.ir.ModelException;
import dev.fixpoint.onnx.internal.proto.StringStringEntryProto;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The files beside a model that hold its large tensors: mapped, never copied, each file once, and
 * only from below the model's folder.
 */
final class ExternalData {
  private final @Nullable Path folder;
  private final Map<Path, MemorySegment> mapped = new HashMap<>();

  /** For a model in a folder; null for one that has none, whose external data is refused. */
  ExternalData(@Nullable Path folder) {
    this.folder = folder;
  }

  /**
   * The bytes that the entries of a tensor point to.
   *
   * @param expected number of bytes that the tensor's type asks for
   * @throws ModelException if the file is elsewhere, absent or too short
   */
  MemorySegment map(List<StringStringEntryProto> entries, long expected, String place) {
    Map<String, String> keys = new HashMap<>();
    entries.forEach(entry -> keys.put(entry.getKey(), entry.getValue()));
    String location = keys.get("location");
    if (location == null || location.isEmpty()) {
      throw new ModelException(place + " is stored outside the model, but names no file");
    }
    MemorySegment file = file(location, place);
    long offset = number(keys, "offset", 0, place);
    long length = number(keys, "length", expected, place);
    if (offset > file.byteSize() || length > file.byteSize() - offset) {
      throw new ModelException(
          place
              + " needs "
              + length
              + " bytes from byte "
              + offset
              + " on of '"
              + location
              + "', which has "
              + file.byteSize()
              + "; copy the file again");
    }
    return file.asSlice(offset, length);
  }

  private static long number(Map<String, String> keys, String key, long otherwise, String place) {
    String text = keys.get(key);
    if (text == null) {
      return otherwise;
    }
    try {
      long number = Long.parseLong(text);
      if (number >= 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw notANumber(key, text, place);
    }
    throw notANumber(key, text, place);
  }

  private static ModelException notANumber(String key, String text, String place) {
    return new ModelException(
        place + ": the " + key + " of its external data is '" + text + "', not a number of bytes");
  }

  private MemorySegment file(String location, String place) {
    Path path = resolve(location, place);
    MemorySegment known = mapped.get(path);
    if (known != null) {
      return known;
    }
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      MemorySegment segment = channel.map(MapMode.READ_ONLY, 0, channel.size(), Arena.ofAuto());
      mapped.put(path, segment);
      return segment;
    } catch (IOException e) {
      throw new ModelException(
          place + " is stored in '" + location + "', which cannot be read: " + e.getMessage(), e);
    }
  }

  /** The file of a location, links followed, if that is below the model's folder. */
  private Path resolve(String location, String place) {
    if (folder == null) {
      throw new ModelException(
          place
              + " is stored in '"
              + location
              + "', but the model was not read from a folder; give the folder with the options");
    }
    try {
      Path real = folder.toRealPath();
      Path named = real.resolve(location).normalize();
      if (!named.startsWith(real)) {
        throw outside(location, place);
      }
      if (!Files.exists(named)) {
        throw new ModelException(
            place
                + " is stored in '"
                + location
                + "', which is not beside the model; copy it there");
      }
      Path target = named.toRealPath();
      if (!target.startsWith(real)) {
        throw outside(location, place);
      }
      if (!Files.isRegularFile(target)) {
        throw new ModelException(
            place + " is stored in '" + location + "', which is not a regular file");
      }
      return target;
    } catch (InvalidPathException | IOException e) {
      throw new ModelException(
          place + " is stored in '" + location + "', which cannot be found: " + e.getMessage(), e);
    }
  }

  private static ModelException outside(String location, String place) {
    return new ModelException(
        place
            + " is stored in '"
            + location
            + "', which is outside the model's folder; move the file below the folder");
  }
}
