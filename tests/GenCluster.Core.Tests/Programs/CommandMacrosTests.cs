using GenCluster.Core.Parameters;
using GenCluster.Core.Programs;
using GenCluster.Core.Sweeps;

namespace GenCluster.Core.Tests.Programs;

public sealed class CommandMacrosTests
{
    private static readonly Assignment Values = new(
    [
        new("lr", ParameterValue.Of(0.001)), new("batch-size", ParameterValue.Of(64L)), new("amp", ParameterValue.Of(true)), new("augment", ParameterValue.Of(false)),
        new("model.name", ParameterValue.Of("big net")),
    ]);

    private static readonly MacroSources Sources = new("python3", "/runs/args.json", name => name == "DATA" ? "/data" : null);

    [Theory]
    [InlineData("${env}", "/usr/bin/env")]
    [InlineData("${interpreter}", "python3")]
    [InlineData("${program}", "train.py")]
    [InlineData("${args}", "--amp=True", "--augment=False", "--batch-size=64", "--lr=0.001", "--model.name=big net")]
    [InlineData("${args_no_hyphens}", "amp=True", "augment=False", "batch-size=64", "lr=0.001", "model.name=big net")]
    [InlineData("${args_no_boolean_flags}", "--amp", "--batch-size=64", "--lr=0.001", "--model.name=big net")]
    [InlineData("${args_append_hydra}", "+amp=True", "+augment=False", "+batch-size=64", "+lr=0.001", "+model.name=big net")]
    [InlineData("${args_override_hydra}", "++amp=True", "++augment=False", "++batch-size=64", "++lr=0.001", "++model.name=big net")]
    [InlineData("${args_json}", """{"amp": true, "augment": false, "batch-size": 64, "lr": 0.001, "model.name": "big net"}""")]
    [InlineData("${args_json_file}", "/runs/args.json")]
    [InlineData("--config=${args_json_file}", "--config=/runs/args.json")]
    [InlineData("${envvar:DATA}/train", "/data/train")]
    [InlineData("${lr}", "0.001")]
    [InlineData("${model.name}", "big net")]
    [InlineData("--lr=${trialParameters.lr}", "--lr=0.001")]
    [InlineData("${trialParameters.batch-size}:${lr}!", "64:0.001!")]
    [InlineData("$${HOME} costs $5 ${", "${HOME} costs $5 ${")]
    [InlineData("$HOME; rm -rf `x`", "$HOME; rm -rf `x`")]
    [InlineData("", "")]
    public void An_argument_is_filled_in(string argument, params string[] expected) => Expand(argument).ShouldBe(["run", .. expected]);

    [Theory]
    [InlineData("${learning_rate}", "'${learning_rate}' is no macro, and no parameter with a value in this trial; known are ${env}, ${interpreter}")]
    [InlineData("${}", "'${}' is no macro")]
    [InlineData("${trialParameters.x}", "'${trialParameters.x}' is no macro")]
    [InlineData("a ${args}", "${args} stands for several arguments and has to be an argument of its own")]
    [InlineData("${envvar:AWS_SECRET}", "the worker has no variable 'AWS_SECRET' that programs may see")]
    public void What_is_unknown_is_told_with_what_is_known(string argument, string reason)
    {
        var line = CommandMacros.Expand(new CommandSpec(["run", argument], "train.py"), Values, Sources);

        line.Fault.ShouldNotBeNull().ShouldStartWith($"argument 2 of the command, '{argument}': {reason}");
        line.Arguments.ShouldBeEmpty();
    }

    [Fact]
    public void The_list_of_what_is_known_ends_with_the_parameters() =>
        CommandMacros.Expand(new CommandSpec(["${lrr}"]), new Assignment([new("lr", ParameterValue.Of(0.1))]), Sources).Fault
            .ShouldNotBeNull().ShouldEndWith("${envvar:NAME}, ${lr}; write $${ for ${ itself");

    [Fact]
    public void A_program_alone_is_run_as_W_and_B_runs_it() =>
        CommandMacros.Expand(new CommandSpec([], "train.py"), new Assignment([new("lr", ParameterValue.Of(0.1))]), Sources).Arguments
            .ShouldBe(["/usr/bin/env", "python3", "train.py", "--lr=0.1"]);

    [Fact]
    public void Only_who_names_the_file_of_the_values_needs_it()
    {
        CommandMacros.Expand(new CommandSpec(["run", "${args_json_file}"]), Values, Sources).UsesJsonFile.ShouldBeTrue();
        CommandMacros.Expand(new CommandSpec(["run", "${args_json}", "$${args_json_file}"]), Values, Sources).UsesJsonFile.ShouldBeFalse();
    }

    [Fact]
    public void A_value_with_a_macro_in_it_is_no_macro() =>
        CommandMacros.Expand(new CommandSpec(["run", "${x}"]), new Assignment([new("x", ParameterValue.Of("${env}"))]), Sources).Arguments.ShouldBe(["run", "${env}"]);

    [Theory]
    [InlineData("")]
    [InlineData]
    public void A_command_without_a_program_is_refused(params string[] arguments)
    {
        CommandMacros.Expand(new CommandSpec(arguments), Values, Sources).Fault.ShouldBe("the command has no program to run; name one as its first argument");
        if (arguments.Length == 0)
            CommandMacros.FaultOf(new CommandSpec(arguments), []).ShouldBe("the command has no program to run; name one as its first argument");
    }

    [Fact]
    public void A_program_that_is_not_named_is_missed() =>
        CommandMacros.FaultOf(new CommandSpec(["${interpreter}", "${program}"]), []).ShouldBe("argument 2 of the command, '${program}': ${program} stands for the sweep's program, and none is named");

    [Theory]
    [InlineData("${args}", null)]
    [InlineData("${lr} ${trialParameters.lr} ${envvar:ANY} ${args_json} ${program}", null)]
    [InlineData("$${x}", null)]
    [InlineData("x${args}", "${args} stands for several arguments")]
    [InlineData("${lrr}", "'${lrr}' is no macro")]
    [InlineData("${envvar:}", "the worker has no variable ''")]
    public void A_command_is_checked_without_a_trial(string argument, string? reason)
    {
        string? fault = CommandMacros.FaultOf(new CommandSpec(["run", argument], "train.py"), ["lr"]);

        if (reason is null)
            fault.ShouldBeNull();
        else
            fault.ShouldNotBeNull().ShouldContain(reason);
    }

    private static IEnumerable<string> Expand(string argument)
    {
        var line = CommandMacros.Expand(new CommandSpec(["run", argument], "train.py"), Values, Sources);
        line.Fault.ShouldBeNull();
        return line.Arguments;
    }
}
