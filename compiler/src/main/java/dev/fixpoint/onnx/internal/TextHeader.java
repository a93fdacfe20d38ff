package dev.fixpoint.onnx.internal;

import dev.fixpoint.grammar.Literal;
import dev.fixpoint.grammar.OnnxTextParser;
import dev.fixpoint.grammar.SourceRange;
import dev.fixpoint.grammar.Spelling;
import dev.fixpoint.grammar.SyntaxException;
import dev.fixpoint.op.OpId;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The entries of the header of a model or a function in ONNX text. */
final class TextHeader {
  private static final List<String> MODEL_KEYS =
      List.of(
          "ir_version",
          "opset_import",
          "producer_name",
          "producer_version",
          "domain",
          "model_version",
          "doc_string",
          "metadata_props");

  private static final List<String> FUNCTION_KEYS =
      List.of("domain", "opset_import", "doc_string", "overload");

  private final Map<String, OnnxTextParser.OtherDataContext> entries = new LinkedHashMap<>();

  private TextHeader(OnnxTextParser.@Nullable OtherDataListContext list, Collection<String> known) {
    if (list == null) {
      return;
    }
    for (var entry : list.otherData()) {
      String key = entry.id().getText();
      if (!known.contains(key)) {
        throw new SyntaxException(
            SourceRange.of(entry.id()),
            "found '" + key + "', expected one of " + String.join(", ", known));
      }
      if (entries.put(key, entry) != null) {
        throw new SyntaxException(
            SourceRange.of(entry.id()), "found '" + key + "' twice, expected it once");
      }
    }
  }

  /** The header of a model; an absent one has no entries. */
  static TextHeader ofModel(OnnxTextParser.@Nullable OtherDataListContext list) {
    return new TextHeader(list, MODEL_KEYS);
  }

  /** The header of a function; an absent one has no entries. */
  static TextHeader ofFunction(OnnxTextParser.@Nullable OtherDataListContext list) {
    return new TextHeader(list, FUNCTION_KEYS);
  }

  /** Whether there is an entry. */
  boolean has(String key) {
    return entries.containsKey(key);
  }

  /** An integer; 0 where there is no entry. */
  long integer(String key) {
    var entry = entries.get(key);
    if (entry == null) {
      return 0;
    }
    if (entry.value().intConstant() == null) {
      throw expected("an integer", entry);
    }
    return Literal.of(entry.value().intConstant()).longValue();
  }

  /** A string; empty where there is no entry. */
  String string(String key) {
    var entry = entries.get(key);
    if (entry == null) {
      return "";
    }
    if (entry.value().quotedStr() == null) {
      throw expected("a quoted string", entry);
    }
    return Spelling.nameOf(entry.value().quotedStr());
  }

  /** The opset versions by domain; empty where there is no entry. */
  Map<String, Long> opsets() {
    Map<String, Long> opsets = new LinkedHashMap<>();
    var entry = entries.get("opset_import");
    if (entry == null || isEmptyList(entry)) {
      return opsets;
    }
    if (entry.value().opsetImportList() == null) {
      throw expected("a list such as [\"\" : 21]", entry);
    }
    for (var written : entry.value().opsetImportList().opsetImport()) {
      String domain = standard(Spelling.nameOf(written.quotedStr()));
      Long version = Literal.of(written.intConstant()).longValue();
      Long other = opsets.put(domain, version);
      if (other != null && !other.equals(version)) {
        throw new SyntaxException(
            SourceRange.of(written),
            "found version %d of domain '%s', expected %d as before"
                .formatted(version, domain, other));
      }
    }
    return opsets;
  }

  private static String standard(String domain) {
    return new OpId(domain, "any").domain();
  }

  /** The free properties, in order; empty where there is no entry. */
  Map<String, String> properties() {
    Map<String, String> properties = new LinkedHashMap<>();
    var entry = entries.get("metadata_props");
    if (entry == null || isEmptyList(entry)) {
      return properties;
    }
    if (entry.value().strStrList() == null) {
      throw expected("a list such as [\"key\" : \"value\"]", entry);
    }
    for (var written : entry.value().strStrList().strStr()) {
      String key = Spelling.nameOf(written.quotedStr(0));
      if (properties.put(key, Spelling.nameOf(written.quotedStr(1))) != null) {
        throw new SyntaxException(
            SourceRange.of(written), "found the property '" + key + "' twice, expected it once");
      }
    }
    return properties;
  }

  private static boolean isEmptyList(OnnxTextParser.OtherDataContext entry) {
    return entry.value().LBRACKET() != null;
  }

  private static SyntaxException expected(String what, OnnxTextParser.OtherDataContext entry) {
    return new SyntaxException(
        SourceRange.of(entry.value()),
        "found another value for '" + entry.id().getText() + "', expected " + what);
  }
}
