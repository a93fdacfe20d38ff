package dev.fixpoint.onnx.internal;

import dev.fixpoint.op.AttributeValue;
import dev.fixpoint.tensor.ElementType;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Since which opset the operators mean what they mean in opset {@value OpsetImporter#OPSET}. */
final class OlderForms {
  private static final Set<ElementType> FLOATS =
      EnumSet.of(ElementType.FLOAT, ElementType.FLOAT16, ElementType.DOUBLE);
  private static final Pattern LATER = Pattern.compile("(\\w+)(?:([=!])(\\w+))?@(\\d+)");
  private static final Map<String, OlderForm> FORMS = load();

  private OlderForms() {}

  /**
   * The form of one operator.
   *
   * @param since the opset since which it is the same
   * @param types element types that it took then
   * @param later what came after that
   */
  record OlderForm(int since, Set<ElementType> types, List<Later> later) {}

  /**
   * A part of a form that came later than the rest.
   *
   * @param name attribute, or position of an input
   * @param value value that says nothing; with {@code excluded}, the one that came later; null
   *     where the part must be absent
   * @param excluded whether the value is the one that came later
   * @param opset when it came
   */
  record Later(String name, @Nullable String value, boolean excluded, int opset) {
    /** Whether this speaks of an input, and which. */
    int input() {
      return Character.isDigit(name.charAt(0)) ? Integer.parseInt(name) : -1;
    }

    /** Whether an attribute has the value that this names. */
    boolean isValue(AttributeValue given) {
      return switch (given) {
        case AttributeValue.OfInt number -> Long.toString(number.value()).equals(value);
        case AttributeValue.OfString text -> text.value().equals(value);
        case AttributeValue.OfInts numbers ->
            numbers.value().stream().allMatch(number -> Long.toString(number).equals(value));
        default -> false;
      };
    }
  }

  /** The form of an operator, or null where nothing is known of older opsets. */
  static @Nullable OlderForm find(String operator) {
    return FORMS.get(operator);
  }

  private static Map<String, OlderForm> load() {
    Map<String, OlderForm> forms = new HashMap<>();
    try (InputStream stream = OlderForms.class.getResourceAsStream("older-forms.txt")) {
      if (stream == null) {
        throw new IllegalStateException("older-forms.txt is missing from the class path");
      }
      BufferedReader lines =
          new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.startsWith("#")) {
          String[] words = line.split(" ");
          List<Later> later = new ArrayList<>();
          for (int i = 3; i < words.length; i++) {
            later.add(later(words[i]));
          }
          forms.put(words[0], new OlderForm(Integer.parseInt(words[1]), types(words[2]), later));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("older-forms.txt cannot be read", e);
    }
    return forms;
  }

  private static Later later(String text) {
    Matcher parts = LATER.matcher(text);
    if (!parts.matches()) {
      throw new IllegalStateException("older-forms.txt: '" + text + "' is not understood");
    }
    return new Later(
        parts.group(1),
        parts.group(3),
        "!".equals(parts.group(2)),
        Integer.parseInt(parts.group(4)));
  }

  private static Set<ElementType> types(String text) {
    EnumSet<ElementType> types = EnumSet.copyOf(FLOATS);
    if (!text.equals("float")) {
      types.addAll(EnumSet.of(ElementType.INT32, ElementType.INT64));
    }
    if (text.equals("any")) {
      types.addAll(EnumSet.range(ElementType.UINT8, ElementType.UINT64));
    }
    return types;
  }
}
