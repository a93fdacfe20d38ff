package dev.fixpoint.grammar;

import java.util.ArrayList;
import java.util.List;

/** The names in parse trees of ONNX text. */
public final class OnnxNames {

  private OnnxNames() {}

  /**
   * The names in a node's list of inputs or outputs. An omitted one is the empty string; nothing
   * after the last comma is nothing: {@code (a, , b,)} is a, omitted, b.
   */
  public static List<String> namesIn(OnnxTextParser.QuotableIdListContext list) {
    var slots = list.idSlot();
    int last = slots.size() - 1;
    var names = new ArrayList<String>(slots.size());
    for (int i = 0; i <= last; i++) {
      var name = slots.get(i).quotableId();
      if (name != null) {
        names.add(Spelling.nameOf(name));
      } else if (i < last) {
        names.add("");
      }
    }
    return List.copyOf(names);
  }

  /** The domain of a node's operator: empty for the default domain. */
  public static String domainOf(OnnxTextParser.OperatorContext operator) {
    var parts = operator.quotableId();
    var names = parts.subList(0, parts.size() - 1).stream().map(Spelling::nameOf).toList();
    return String.join(".", names);
  }

  /** The name of a node's operator without its domain. */
  public static String operatorOf(OnnxTextParser.OperatorContext operator) {
    return Spelling.nameOf(operator.quotableId().getLast());
  }

  /** A name with dots: a type's or its domain's. */
  public static String nameOf(OnnxTextParser.QualifiedIdContext name) {
    return String.join(".", name.id().stream().map(Spelling::nameOf).toList());
  }
}
