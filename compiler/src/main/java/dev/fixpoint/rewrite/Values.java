package dev.fixpoint.rewrite;

import dev.fixpoint.ir.Value;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The last inputs of a node, as many as there are.
 *
 * @param list the inputs in order; null where omitted
 */
public record Values(List<@Nullable Value> list) {
  /** Keeps an immutable copy. */
  public Values {
    list = Collections.unmodifiableList(new ArrayList<>(list));
  }
}
