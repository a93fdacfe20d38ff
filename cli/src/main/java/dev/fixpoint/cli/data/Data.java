package dev.fixpoint.cli.data;

import dev.fixpoint.tensor.Tensor;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Samples for a model, cut into batches as it takes them.
 *
 * @param batches tensor by input name, for each batch; may be gone through several times
 * @param count number of batches
 * @param labels the right class of each sample, or null where there are none
 */
public record Data(Iterable<Map<String, Tensor>> batches, long count, long @Nullable [] labels) {}
