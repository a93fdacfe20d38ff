package dev.fixpoint.rulelang;

import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.AttributeValue;
import org.jspecify.annotations.Nullable;

/** What an expression is worth, known while a rule is loaded. */
enum Kind {
  /** A tensor of numbers or truth values; one number is a tensor without dimensions. */
  NUMBERS("numbers"),
  TEXT("a string"),
  TEXTS("a list of strings"),
  TYPE("an element type"),
  TRUTH("a condition");

  private final String words;

  Kind(String words) {
    this.words = words;
  }

  /** For messages. */
  String words() {
    return words;
  }

  /** The kind of an attribute's value, or null for one that expressions cannot use. */
  static @Nullable Kind of(Attribute<?> key) {
    Class<? extends AttributeValue> kind = key.kind();
    if (kind == AttributeValue.OfString.class) {
      return TEXT;
    }
    if (kind == AttributeValue.OfStrings.class) {
      return TEXTS;
    }
    boolean numbers =
        kind == AttributeValue.OfInt.class
            || kind == AttributeValue.OfFloat.class
            || kind == AttributeValue.OfInts.class
            || kind == AttributeValue.OfFloats.class
            || kind == AttributeValue.OfTensor.class;
    return numbers ? NUMBERS : null;
  }
}
