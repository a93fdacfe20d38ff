package dev.fixpoint.rulelang;

import dev.fixpoint.grammar.SourceRange;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.rewrite.Capture;
import dev.fixpoint.rewrite.Values;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a name of a rule's pattern stands for, with what its uses need to know of it. */
final class Name {
  private final String text;
  private final SourceRange range;
  private final @Nullable Capture<Value> value;
  private final @Nullable Capture<Values> values;
  private final @Nullable Capture<Node> node;
  private final List<OpDefinition> makers = new ArrayList<>();
  private boolean constant;
  private int uses;

  private Name(
      String text,
      SourceRange range,
      @Nullable Capture<Value> value,
      @Nullable Capture<Values> values,
      @Nullable Capture<Node> node) {
    this.text = text;
    this.range = range;
    this.value = value;
    this.values = values;
    this.node = node;
  }

  /** A value that no node of the pattern makes. */
  static Name free(String text, SourceRange range) {
    return new Name(text, range, Capture.ofValue(text), null, null);
  }

  /** An output of a node of the pattern. */
  static Name output(String text, SourceRange range, Capture<Node> node) {
    return new Name(text, range, Capture.ofValue(text), null, node);
  }

  /** The last inputs of a node of the pattern. */
  static Name rest(String text, SourceRange range) {
    return new Name(text, range, null, Capture.ofValues(text), null);
  }

  /** The name as it is written. */
  String text() {
    return text;
  }

  /** Where it is written first. */
  SourceRange range() {
    return range;
  }

  /** Key of the value; null for a list of values. */
  @Nullable Capture<Value> value() {
    return value;
  }

  /** Key of the list of values; null for a single one. */
  @Nullable Capture<Values> values() {
    return values;
  }

  /** Key of the node that makes the value; null where no node of the pattern does. */
  @Nullable Capture<Node> node() {
    return node;
  }

  /** The operators that may make the value. */
  List<OpDefinition> makers() {
    return makers;
  }

  /** The key of an attribute of one of the operators that may make the value. */
  Optional<Attribute<?>> attribute(String attribute) {
    return makers.stream().flatMap(op -> op.schema().attribute(attribute).stream()).findFirst();
  }

  /** Whether a condition or the pattern makes sure that this is a constant. */
  boolean isConstant() {
    return constant;
  }

  /** Notes that this is sure to be a constant. */
  void setConstant() {
    constant = true;
  }

  /** Notes that something in the rule needs this name. */
  void use() {
    uses++;
  }

  /** Whether something in the rule needs this name. */
  boolean isUsed() {
    return uses > 0;
  }
}
