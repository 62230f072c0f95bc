using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace GenCluster.Architecture.Tests;

/// <summary>A class is sealed unless it was written to be inherited from, and then it is abstract.</summary>
public sealed class TypeTests
{
    public static TheoryData<string> Projects => [.. Repository.Sources.Select(project => project.Name)];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Classes_are_sealed_abstract_or_static(string project) => OpenClassesOf(Repository.Source(project)).ShouldBeEmpty();

    private static List<string> OpenClassesOf(Project project)
    {
        using var file = new PEReader(File.OpenRead(Path.Combine(Repository.OutputOf(project), project.AssemblyName + ".dll")));
        var metadata = file.GetMetadataReader();
        return [.. metadata.TypeDefinitions.Select(metadata.GetTypeDefinition)
            .Where(type => (type.Attributes & (TypeAttributes.Interface | TypeAttributes.Sealed | TypeAttributes.Abstract)) == 0)
            .Where(type => !IsGenerated(type, metadata))
            .Select(type => FullName(type, metadata))
            .Where(name => name != "<Module>")];
    }

    private static bool IsGenerated(TypeDefinition type, MetadataReader metadata) =>
        type.GetCustomAttributes().Any(attribute => AttributeName(metadata.GetCustomAttribute(attribute), metadata) is "CompilerGeneratedAttribute" or "GeneratedCodeAttribute")
        || (type.IsNested && IsGenerated(metadata.GetTypeDefinition(type.GetDeclaringType()), metadata));

    private static string? AttributeName(CustomAttribute attribute, MetadataReader metadata) => attribute.Constructor.Kind == HandleKind.MemberReference
        && metadata.GetMemberReference((MemberReferenceHandle)attribute.Constructor).Parent is { Kind: HandleKind.TypeReference } type
            ? metadata.GetString(metadata.GetTypeReference((TypeReferenceHandle)type).Name)
            : null;

    private static string FullName(TypeDefinition type, MetadataReader metadata) => type.IsNested
        ? $"{FullName(metadata.GetTypeDefinition(type.GetDeclaringType()), metadata)}.{metadata.GetString(type.Name)}"
        : type.Namespace.IsNil ? metadata.GetString(type.Name) : $"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}";
}
