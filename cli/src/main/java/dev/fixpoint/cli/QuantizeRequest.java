package dev.fixpoint.cli;

import dev.fixpoint.CompilerOptions;
import dev.fixpoint.calibration.CalibrationData;
import dev.fixpoint.calibration.QuantScheme;
import dev.fixpoint.ir.Graph;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What a quantization starts from.
 *
 * @param file the file of the model
 * @param graph the model
 * @param scheme types, granularity, calibration, target, exclusions
 * @param granularity the granularity asked for, or null
 * @param data sample inputs, or null
 * @param options the compiler's options, the scheme among them
 */
record QuantizeRequest(
    Path file,
    Graph graph,
    QuantScheme scheme,
    @Nullable String granularity,
    @Nullable CalibrationData data,
    CompilerOptions options) {}
