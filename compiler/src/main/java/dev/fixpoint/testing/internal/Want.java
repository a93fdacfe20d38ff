package dev.fixpoint.testing.internal;

import dev.fixpoint.ir.Value;
import dev.fixpoint.rewrite.Capture;
import dev.fixpoint.rewrite.ElementLiteral;
import dev.fixpoint.rewrite.Pattern;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What an input shall be.
 *
 * @param pattern which it fits; null where anything will do
 * @param alias key under which its value is known besides that of the pattern
 */
record Want(@Nullable Pattern pattern, @Nullable Capture<Value> alias) {
  /** The keys under which the value is known. */
  List<Capture<Value>> keys() {
    Capture<Value> own =
        switch (pattern) {
          case Pattern.AnyValue any -> any.capture();
          case Pattern.ConstantValue constant -> constant.capture();
          case null, default -> null;
        };
    return Stream.of(Optional.ofNullable(own), Optional.ofNullable(alias))
        .flatMap(Optional::stream)
        .toList();
  }

  /** What all of its elements equal, if that is said. */
  @Nullable ElementLiteral literal() {
    return pattern instanceof Pattern.ConstantValue constant ? constant.literal() : null;
  }
}
