package dev.fixpoint.op;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Range;
import dev.fixpoint.op.quant.QuantOps;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.TensorType;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds of every definition of both catalogues. */
class CatalogueTest {
  static Stream<OpDefinition> operators() {
    return Stream.concat(
        StandardOps.registry().definitions().stream(), QuantOps.REGISTRY.definitions().stream());
  }

  /** Operators whose calls need nothing but inputs. */
  static Stream<OpDefinition> plainOperators() {
    return operators()
        .filter(op -> op.schema().attributes().stream().noneMatch(Attribute::isRequired));
  }

  @ParameterizedTest
  @MethodSource("operators")
  void aSchemaIsComplete(OpDefinition op) {
    OpSchema schema = op.schema();
    assertThat(schema.versions()).isNotEmpty().isSorted().doesNotHaveDuplicates();
    assertThat(schema.doc()).matches("(?s)\\p{Lu}.*\\.");
    assertThat(schema.outputs()).isNotEmpty();
    assertThat(schema.attributes().stream().map(Attribute::name)).doesNotHaveDuplicates();
    assertThat(schema.inputs().stream().map(OpSchema.Parameter::name)).doesNotHaveDuplicates();
  }

  @Test
  void aConstantIsNamedAfterItsOperator() throws IllegalAccessException {
    for (Field field : StandardOps.class.getFields()) {
      OpDefinition op = (OpDefinition) field.get(null);
      String name = op.id().name().toLowerCase(Locale.ROOT);
      assertThat(field.getName().replace("_", "").toLowerCase(Locale.ROOT)).isEqualTo(name);
    }
  }

  /** Analyses meet calls of which nothing is known but the element types. */
  @ParameterizedTest
  @MethodSource("plainOperators")
  void nothingKnownIsNoReasonToFail(OpDefinition op) {
    for (Shape shape : List.of(Shape.UNRANKED, Shape.ofRank(3), Shape.ofRank(4))) {
      OpCall call = call(op, shape);
      List<@Nullable Range> ranges = new ArrayList<>();
      List<ErrorBound> errors = new ArrayList<>();
      for (int i = 0; i < call.inputCount(); i++) {
        ranges.add(Range.ALL);
        errors.add(ErrorBound.uniform(1));
      }
      if (isRefused(op, call)) {
        continue; // it takes another rank
      }
      assertThat(op.inferTypes(call).size()).isGreaterThanOrEqualTo(call.outputCount());
      assertThat(op.rangeTransfer(call, ranges)).hasSizeGreaterThanOrEqualTo(call.outputCount());
      assertThat(op.errorTransfer(call, ranges, errors))
          .hasSizeGreaterThanOrEqualTo(call.outputCount());
      assertThat(op.localError(call, ranges)).hasSizeGreaterThanOrEqualTo(call.outputCount());
      op.shapeValue(call);
    }
  }

  private static boolean isRefused(OpDefinition op, OpCall call) {
    try {
      return op.inferTypes(call).isEmpty();
    } catch (IllegalArgumentException e) {
      return true;
    }
  }

  private static OpCall call(OpDefinition op, Shape shape) {
    List<@Nullable TensorType> types = new ArrayList<>();
    for (OpSchema.Parameter input : op.schema().inputs()) {
      if (input.arity() != OpSchema.Arity.OPTIONAL) {
        types.add(new TensorType(type(input), shape));
      } else {
        types.add(null);
      }
    }
    return OpCall.of(Attributes.NONE, types, List.of(), List.of(), 1);
  }

  private static ElementType type(OpSchema.Parameter parameter) {
    for (ElementType type : new ElementType[] {ElementType.FLOAT, ElementType.INT64}) {
      if (parameter.types().contains(type)) {
        return type;
      }
    }
    return parameter.types().iterator().next();
  }
}
