namespace Workspaces.LocalCluster.Admission;

/// <summary>
/// A step that may change or refuse what is about to be stored (https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers). A refusal is an
/// ApiStatusException, usually 403.
/// </summary>
internal interface IAdmission
{
    /// <summary>Changes the object, before it is validated.</summary>
    void Mutate(AdmissionRequest request)
    {
    }

    /// <summary>Refuses the object, after everybody has changed it.</summary>
    void Validate(AdmissionRequest request)
    {
    }

    /// <summary>Keeps account of an object that nothing refused and that is stored next. Not called for a dry run.</summary>
    void Account(AdmissionRequest request)
    {
    }
}
