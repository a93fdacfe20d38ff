package dev.fixpoint.cli.data;

import dev.fixpoint.tensor.Tensor;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Samples for a model, cut into batches as it takes them.
 *
 * @param batches tensor by input name, for each batch; may be gone through several times
 * @param count number of batches
 * @param labels the right class of each sample, or null where there are none
 * @param pictures the file of each batch if they come from a folder of pictures, else none
 */
public record Data(
    Iterable<Map<String, Tensor>> batches,
    long count,
    long @Nullable [] labels,
    List<Path> pictures) {
  /** Keeps an immutable copy. */
  public Data {
    pictures = List.copyOf(pictures);
  }
}
